using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class HmacMiddlewareTests
{
    private const string Secret = "a secret that only tests know";
    private const int MaxBodyBytes = 64;

    private static readonly byte[] Body = """{"payload":{"weight":1.0}}"""u8.ToArray();

    private static readonly IServiceProvider Services =
        new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();

    private byte[]? _passedOn;

    [Fact]
    public async Task Signed_body_is_passed_on_byte_for_byte_until_the_request_ends()
    {
        var http = Request(Body, SignatureOf(Body));

        (await StatusAsync(http)).ShouldBe(200);

        _passedOn.ShouldBe(Body);
        http.Features.Get<WebhookRequest>().ShouldBeNull();
    }

    [Fact]
    public async Task Upper_case_signature_is_valid()
        => (await StatusAsync(Request(Body, SignatureOf(Body).ToUpperInvariant()))).ShouldBe(200);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [Trait("Defect", "B11")]
    public async Task Missing_signature_is_rejected_with_401(string? signature)
        => await ShouldBeRejectedAsync(Request(Body, signature), 401, "Missing signature");

    [Theory]
    [InlineData("abc")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000é")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [Trait("Defect", "R14")]
    public async Task Malformed_signature_is_rejected_with_401(string signature)
        => await ShouldBeRejectedAsync(Request(Body, signature), 401, "Invalid signature");

    [Fact]
    public async Task Signature_with_prefix_suffix_space_or_repetition_is_rejected_with_401()
    {
        var signature = SignatureOf(Body);

        await ShouldBeRejectedAsync(Request(Body, "sha256=" + signature), 401, "Invalid signature");
        await ShouldBeRejectedAsync(Request(Body, signature + "00"), 401, "Invalid signature");
        await ShouldBeRejectedAsync(Request(Body, signature + " "), 401, "Invalid signature");
        await ShouldBeRejectedAsync(Request(Body, signature, signature), 401, "Invalid signature");
    }

    [Fact]
    public async Task Changed_body_or_secret_is_rejected_with_401()
    {
        var changed = Body.ToArray();
        changed[3] ^= 1;

        await ShouldBeRejectedAsync(Request(changed, SignatureOf(Body)), 401, "Invalid signature");
        await ShouldBeRejectedAsync(Request(Body, Signature.Of(Body, Secret + " ")), 401, "Invalid signature");
    }

    [Fact]
    [Trait("Defect", "R13")]
    public async Task Signature_of_an_empty_object_does_not_cover_a_body_of_another_media_type()
    {
        var http = Request("type=SHIPMENT_CREATED"u8.ToArray(), SignatureOf("{}"u8));
        http.Request.ContentType = "text/plain";

        await ShouldBeRejectedAsync(http, 401, "Invalid signature");
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json; charset=BOGUS", null)]
    [InlineData("application/jsonp", null)]
    [InlineData("", null)]
    [InlineData(";", null)]
    [InlineData("application/json; charset=iso-8859-1", null)]
    [InlineData("application/json, text/plain", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json", "identity, br")]
    [Trait("Defect", "B13")]
    [Trait("Defect", "B14")]
    public async Task Signed_body_of_another_media_type_is_rejected_with_415(string contentType, string? encoding)
    {
        var http = Request(Body, SignatureOf(Body));
        http.Request.ContentType = contentType;
        http.Request.Headers.ContentEncoding = encoding;

        await ShouldBeRejectedAsync(http, 415, "Only application/json in UTF-8 without Content-Encoding is accepted");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=us-ascii")]
    [InlineData("application/json;")]
    [InlineData("application/json ; ")]
    [InlineData("application/json, application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json; charset=utf8", "application/json; charset=utf8")]
    public async Task JSON_media_type_is_accepted_in_any_spelling(params string[] contentTypes)
    {
        var http = Request(Body, SignatureOf(Body));
        http.Request.Headers.ContentType = contentTypes;

        (await StatusAsync(http)).ShouldBe(200);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    public async Task Body_without_a_coding_may_say_so(string encoding)
    {
        var http = Request(Body, SignatureOf(Body));
        http.Request.Headers.ContentEncoding = encoding;

        (await StatusAsync(http)).ShouldBe(200);
    }

    /// <summary>Which of the two bodies the sender has signed nothing shows, so "Invalid signature" would mislead it.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("00")]
    public async Task Compressed_body_is_rejected_with_415_before_its_signature(string? signature)
    {
        var http = Request(Body, signature);
        http.Request.Headers.ContentEncoding = "gzip";

        await ShouldBeRejectedAsync(http, 415, "Only application/json in UTF-8 without Content-Encoding is accepted");
    }

    [Theory]
    [InlineData(MaxBodyBytes, 200)]
    [InlineData(MaxBodyBytes + 1, 413)]
    [InlineData(MaxBodyBytes * 100, 413)]
    [Trait("Defect", "B13")]
    public async Task Body_over_the_limit_is_rejected_with_413_with_and_without_a_length(int size, int status)
    {
        var body = new byte[size];
        foreach (long? length in new long?[] { size, null, 1 })
        {
            var http = Request(body, SignatureOf(body));
            http.Request.ContentLength = length;

            (await StatusAsync(http)).ShouldBe(status);
        }
    }

    [Fact]
    [Trait("Defect", "S9")]
    public async Task Size_is_checked_before_the_signature_and_the_signature_before_the_media_type()
    {
        await ShouldBeRejectedAsync(Request(new byte[MaxBodyBytes + 1]), 413, "request entity too large");
        var http = Request(Body);
        http.Request.ContentType = "text/plain";
        await ShouldBeRejectedAsync(http, 401, "Missing signature");
    }

    [Fact]
    public async Task Endpoint_without_the_attribute_passes_unread()
    {
        var http = Request(Body);
        http.SetEndpoint(null);

        (await StatusAsync(http)).ShouldBe(200);

        _passedOn.ShouldBeNull();
        http.Request.Body.Position.ShouldBe(0);
    }

    private static string SignatureOf(ReadOnlySpan<byte> body) => Signature.Of(body, Secret);

    private static DefaultHttpContext Request(byte[] body, params string?[] signatures)
    {
        var http = new DefaultHttpContext { RequestServices = Services };
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentType = "application/json";
        http.Request.ContentLength = body.Length;
        if (signatures is not [] and not [null]) http.Request.Headers[HmacMiddleware.Header] = signatures;
        http.Response.Body = new MemoryStream();
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new HmacSignedAttribute()), "ingest"));
        return http;
    }

    private async Task<int> StatusAsync(HttpContext http)
    {
        var options = Options.Create(new WebhookOptions { Secret = Secret, MaxBodyBytes = MaxBodyBytes });
        using var signatures = new WebhookSignature(options, new CurrentSources(SourceTable.Empty), TimeProvider.System);
        using var limits = new SenderLimits(options);
        var middleware = new HmacMiddleware(
            passed =>
            {
                _passedOn = passed.Features.Get<WebhookRequest>()?.Body.ToArray();
                return Task.CompletedTask;
            },
            signatures, new BodyBudget(options, TimeProvider.System), limits, NullTelemetry.Ingest, options);
        await middleware.InvokeAsync(http);
        return http.Response.StatusCode;
    }

    private async Task ShouldBeRejectedAsync(HttpContext http, int status, string message)
    {
        (await StatusAsync(http)).ShouldBe(status);
        _passedOn.ShouldBeNull();
        var body = Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        JsonDocument.Parse(body).RootElement.GetProperty("message").GetString().ShouldBe(message);
    }
}
