using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Features.ReceiveEvent;
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

    private static readonly IServiceProvider Services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();

    private byte[]? _passedOn;

    [Fact]
    public async Task A_signed_body_is_passed_on_byte_for_byte_and_only_for_the_request()
    {
        var http = Request(Body, SignatureOf(Body));

        (await StatusAsync(http)).ShouldBe(200);

        _passedOn.ShouldBe(Body);
        http.Features.Get<SignedBody>().ShouldBeNull();
    }

    [Fact]
    public async Task An_upper_case_signature_is_as_good()
        => (await StatusAsync(Request(Body, SignatureOf(Body).ToUpperInvariant()))).ShouldBe(200);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task B11_without_a_signature_nothing_passes(string? signature)
        => await ShouldBeRefusedAsync(Request(Body, signature), 401, "Missing signature");

    [Theory]
    [InlineData("abc")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000é")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task R14_any_other_header_is_a_401(string signature)
        => await ShouldBeRefusedAsync(Request(Body, signature), 401, "Invalid signature");

    [Fact]
    public async Task A_signature_in_other_words_is_none()
    {
        var signature = SignatureOf(Body);

        await ShouldBeRefusedAsync(Request(Body, "sha256=" + signature), 401, "Invalid signature");
        await ShouldBeRefusedAsync(Request(Body, signature + "00"), 401, "Invalid signature");
        await ShouldBeRefusedAsync(Request(Body, signature + " "), 401, "Invalid signature");
        await ShouldBeRefusedAsync(Request(Body, signature, signature), 401, "Invalid signature");
    }

    [Fact]
    public async Task One_changed_bit_of_body_signature_or_secret_is_a_401()
    {
        var changed = Body.ToArray();
        changed[3] ^= 1;

        await ShouldBeRefusedAsync(Request(changed, SignatureOf(Body)), 401, "Invalid signature");
        await ShouldBeRefusedAsync(Request(Body, Signature.Of(Body, Secret + " ")), 401, "Invalid signature");
    }

    [Fact]
    public async Task R13_the_signature_of_an_empty_object_is_not_that_of_another_content_type()
    {
        var http = Request("type=SHIPMENT_CREATED"u8.ToArray(), SignatureOf("{}"u8));
        http.Request.ContentType = "text/plain";

        await ShouldBeRefusedAsync(http, 401, "Invalid signature");
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json; charset=BOGUS", null)]
    [InlineData("application/jsonp", null)]
    [InlineData("", null)]
    [InlineData(";", null)]
    [InlineData("application/json", "gzip")]
    public async Task B13_B14_a_signed_body_of_another_type_is_a_415(string contentType, string? encoding)
    {
        var http = Request(Body, SignatureOf(Body));
        http.Request.ContentType = contentType;
        http.Request.Headers.ContentEncoding = encoding;

        await ShouldBeRefusedAsync(http, 415, "Only application/json in UTF-8 without Content-Encoding is accepted");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task Json_in_utf8_passes_however_it_is_spelt(string contentType)
    {
        var http = Request(Body, SignatureOf(Body));
        http.Request.ContentType = contentType;

        (await StatusAsync(http)).ShouldBe(200);
    }

    [Theory]
    [InlineData(MaxBodyBytes, 200)]
    [InlineData(MaxBodyBytes + 1, 413)]
    [InlineData(MaxBodyBytes * 100, 413)]
    public async Task B13_a_body_over_the_limit_is_a_413_with_and_without_a_length(int size, int status)
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
    public async Task S9_the_size_is_judged_before_the_signature_and_the_signature_before_the_type()
    {
        await ShouldBeRefusedAsync(Request(new byte[MaxBodyBytes + 1]), 413, "request entity too large");
        var http = Request(Body);
        http.Request.ContentType = "text/plain";
        await ShouldBeRefusedAsync(http, 401, "Missing signature");
    }

    [Fact]
    public async Task An_endpoint_that_is_not_signed_is_let_through_unread()
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
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new HmacSignedAttribute()), "door"));
        return http;
    }

    private async Task<int> StatusAsync(HttpContext http)
    {
        var options = Options.Create(new WebhookOptions { Secret = Secret, MaxBodyBytes = MaxBodyBytes });
        using var signatures = new WebhookSignature(options);
        var middleware = new HmacMiddleware(
            passed =>
            {
                _passedOn = passed.Features.Get<SignedBody>()?.Bytes.ToArray();
                return Task.CompletedTask;
            },
            signatures, NullTelemetry.Door, options);
        await middleware.InvokeAsync(http);
        return http.Response.StatusCode;
    }

    private async Task ShouldBeRefusedAsync(HttpContext http, int status, string message)
    {
        (await StatusAsync(http)).ShouldBe(status);
        _passedOn.ShouldBeNull();
        var body = Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        JsonDocument.Parse(body).RootElement.GetProperty("message").GetString().ShouldBe(message);
    }
}
