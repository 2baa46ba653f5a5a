using System.IO.Compression;
using System.Text;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;

/// <summary>Answers over a real connection: a yes is read as a yes, and the history shows what else was said.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task Compressed_answer_is_read(string encoding)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (_, _) => new Encoded(encoding, Bytes("""{"routed":true,"routeId":"R-zip"}"""));

        var processed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");

        processed.Text("routeId").ShouldBe("R-zip");
    }

    [Theory]
    [InlineData("gzip", "routing service answered 200 with a body of over 64 KiB")]
    [InlineData("br", "routing service answered 200 with a body of over 64 KiB")]
    [InlineData("damaged", "routing service answered 200 with a body that cannot be decompressed")]
    public async Task Compressed_answer_that_is_endless_or_damaged_is_unreadable(string encoding, string error)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, calls) => calls > 1 ? FakeRoutingService.Routed(call)
            : new Encoded(encoding, Bytes(new string(' ', 50_000_000) + """{"routed":true}"""));

        var processed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");

        var first = processed.GetProperty("attempts")[0];
        (first.Text("result"), first.Text("error")).ShouldBe(("unreadable", error));
    }

    [Fact]
    public async Task Attempt_has_the_status_headers_and_body_of_its_answer()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, calls) => calls > 1 ? FakeRoutingService.Routed(call)
            : Results.Text("<h1>\u001bmaintenance</h1>", "text/html", statusCode: 503);

        var processed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");

        var answer = processed.GetProperty("attempts")[0].GetProperty("answer");
        answer.GetProperty("status").GetInt32().ShouldBe(503);
        answer.GetProperty("headers").EnumerateArray().Select(header => header.GetString())
            .ShouldContain("Content-Type: text/html");
        answer.Text("body").ShouldBe(@"<h1>\u001bmaintenance</h1>");
        processed.GetProperty("attempts")[1].GetProperty("answer").GetProperty("status").GetInt32().ShouldBe(200);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private sealed class Encoded(string encoding, byte[] body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            httpContext.Response.Headers.ContentEncoding = encoding == "damaged" ? "gzip" : encoding;
            var sent = httpContext.Response.Body;
            await using var stream = encoding switch
            {
                "gzip" => new GZipStream(sent, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(sent, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(sent, CompressionLevel.Fastest, leaveOpen: true),
                _ => sent,
            };
            await stream.WriteAsync(encoding == "damaged" ? body.AsMemory(0, 1000) : body, httpContext.RequestAborted);
        }
    }
}
