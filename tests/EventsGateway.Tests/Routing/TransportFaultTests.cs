using Gateway.TestSupport;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.EventsGateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class TransportFaultTests
{
    private static readonly IWebProxy NoProxy = new WebProxy();

    [Theory]
    [InlineData("localhost", -1, "the certificate has expired or is not valid yet: ")]
    [InlineData("other.test", 1, "the certificate is for another host name: ")]
    public async Task Reason_of_a_rejected_certificate_is_told(string name, int daysLeft, string reason)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(daysLeft));
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        var usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(usable)));
        await using var server = builder.Build();
        await server.StartAsync(TestContext.Current.CancellationToken);
        var url = new UriBuilder(server.Urls.Single()) { Host = "localhost" }.Uri;

        var text = TransportFault.Text(await FaultOfAsync(url), url, NoProxy);

        text.ShouldStartWith(reason);
        text.ShouldEndWith($"(localhost:{url.Port})");
    }

    [Fact]
    public async Task Refused_connection_and_unknown_host_are_told_apart()
    {
        var refused = new Uri("http://127.0.0.1:1/route");
        TransportFault.Text(await FaultOfAsync(refused), refused, NoProxy).ShouldBe("Connection refused (127.0.0.1:1)");
        var unknown = new Uri("http://routing.invalid/route");
        TransportFault.Text(await FaultOfAsync(unknown), unknown, NoProxy).ShouldStartWith("the host name was not resolved: ");
    }

    [Fact]
    public void Proxy_is_named_without_its_credentials()
    {
        var fault = new HttpRequestException(
            HttpRequestError.ProxyTunnelError, "tunnel to http://user:word@proxy.test:3128 failed");
        var url = new Uri("https://routing.test/route?key=secret");

        TransportFault.Text(fault, url, new WebProxy("http://user:word@proxy.test:3128"))
            .ShouldBe("the proxy did not open a tunnel (routing.test:443, through proxy proxy.test:3128)");
    }

    private static async Task<HttpRequestException> FaultOfAsync(Uri url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await Should.ThrowAsync<HttpRequestException>(http.GetAsync(url, TestContext.Current.CancellationToken));
    }
}
