using System.Text;
using Gateway.EventsGateway.Routing;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class RoutingTargetTests
{
    [Theory]
    [InlineData("http://gateway:s3cret@routing.test:81/a?token=t1", "gateway:s3cret")]
    [InlineData("http://us%40er:p%3A%2Fä@routing.test:81/a?token=t1", "us@er:p:/ä")]
    [InlineData("http://token@routing.test:81/a?token=t1", "token:")]
    public void Credentials_of_the_address_are_sent_as_Basic_and_not_in_the_address(string url, string credentials)
    {
        var target = TargetOf(new RoutingOptions { Url = new Uri(url) });

        var authorization = HeadersOf(target).Authorization!;

        authorization.Scheme.ShouldBe("Basic");
        Encoding.UTF8.GetString(Convert.FromBase64String(authorization.Parameter!)).ShouldBe(credentials);
        target.Url.ShouldBe(new Uri("http://routing.test:81/a?token=t1"));
        target.Address.ShouldBe("http://routing.test:81/a");
    }

    [Fact]
    public void Configured_headers_are_sent()
    {
        var headers = HeadersOf(TargetOf(new RoutingOptions
        {
            Url = new Uri("http://routing.test/"), Headers = { ["Authorization"] = "Bearer t1", ["X-Tenant"] = "eg" },
        }));

        headers.Authorization!.ToString().ShouldBe("Bearer t1");
        headers.GetValues("X-Tenant").ShouldBe(["eg"]);
    }

    [Fact]
    public void Address_without_credentials_sends_none()
        => HeadersOf(TargetOf(new RoutingOptions { Url = new Uri("http://routing.test/") })).ShouldBeEmpty();

    private static RoutingTarget TargetOf(RoutingOptions options) => new(Options.Create(options), server: null!);

    private static System.Net.Http.Headers.HttpRequestHeaders HeadersOf(RoutingTarget target)
    {
        using var client = new HttpClient();
        target.AddHeadersTo(client.DefaultRequestHeaders);
        return client.DefaultRequestHeaders;
    }
}
