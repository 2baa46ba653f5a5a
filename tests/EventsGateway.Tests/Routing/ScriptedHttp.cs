using System.Net;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Routing;

/// <summary>A routing service without a network: it does what the test says and remembers what it was asked.</summary>
internal sealed class ScriptedHttp : HttpMessageHandler, IHttpClientFactory
{
    public Func<CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = _
        => Json("""{"routed":true,"routeId":"R123"}""");

    public List<HttpRequestMessage> Calls { get; } = [];

    public List<string> Bodies { get; } = [];

    public static Task<HttpResponseMessage> Json(string body)
        => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });

    public static Task<HttpResponseMessage> Status(int status, string? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("{}") };
        if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return Task.FromResult(response);
    }

    /// <summary>Never answers, until it is given up.</summary>
    public static Task<HttpResponseMessage> Silence(CancellationToken cancellationToken)
        => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);

    public HttpClient CreateClient(string name)
    {
        name.ShouldBe(RoutingServiceClient.HttpClientName);
        return new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls.Add(request);
        Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
        return await Answer(cancellationToken);
    }
}
