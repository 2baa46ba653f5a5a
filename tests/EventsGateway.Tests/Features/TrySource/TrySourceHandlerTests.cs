using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.TrySource;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Tests.Sources;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Features.TrySource;

public sealed class TrySourceHandlerTests
{
    private const string Body = """{"id":"1","shipment":"s-1","type":"done"}""";

    private static readonly byte[] Hash = HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(SourceSetup.Secret), Encoding.UTF8.GetBytes(Body));

    private static readonly string Hex = Convert.ToHexStringLower(Hash);
    private readonly StubQueries _events = new();

    [Fact]
    public async Task Right_request_is_mapped_and_names_its_secret()
    {
        var tried = await TryAsync("""{ "Verify": { "Signature": "{header.X-Sign}" } }""", ("X-Sign", Hex));

        (tried.Result, tried.Rejection, tried.Proof).ShouldBe(("mapped", null, "signed"));
        (tried.Signature.SecretId, tried.Signature.Failure, tried.Signature.From).ShouldBe(("a", null, "{header.X-Sign}"));
        (tried.Signature.Content, tried.Signature.ExpectedEnd.Count).ShouldBe((Body, 0));
        var e = tried.Mapping.Events.ShouldHaveSingleItem();
        (e.ShipmentId, e.MerchantId, e.Type, e.TypeText, e.TypeKnown, e.Known)
            .ShouldBe(("s-1", "m-1", "SHIPMENT_UPDATED", "done", false, false));
    }

    [Theory]
    [InlineData("{hex}", "plain", "", null, "hex")]
    [InlineData("{base64}", "plain", "", null, "base64")]
    [InlineData("sha256={hex}", "plain", "sha256=", null, "hex")]
    [InlineData("t=1,v1={hex}", "pairs", null, "v1", "hex")]
    [InlineData("v1,{base64} v1,AAAA", "list", null, "v1", "base64")]
    public async Task Form_that_would_match_is_named(string sent, string parse, string? prefix, string? field, string encoding)
    {
        sent = sent.Replace("{hex}", Hex).Replace("{base64}", Convert.ToBase64String(Hash));

        var tried = await TryAsync(
            """{ "Verify": { "Signature": "{header.X-Sign}", "Prefix": "other=" } }""", ("X-Sign", sent));

        (tried.Result, tried.Rejection).ShouldBe(
            ("rejected", "401: the signature has another form: check prefix, encoding and length"));
        tried.Signature.WouldMatch.ShouldBe([new TriedVariant("a", parse, prefix, field, encoding, "utf8", "{body}")]);
        tried.Mapping.Events.ShouldHaveSingleItem().ShipmentId.ShouldBe("s-1");
    }

    [Theory]
    [InlineData("746573742d7365637265742d30313233", "hex")]
    [InlineData("whsec_dGVzdC1zZWNyZXQtMDEyMw==", "whsec")]
    public async Task Key_that_would_match_is_named(string secret, string key)
    {
        var tried = await TryAsync(
            $$"""{ "Verify": { "Signature": "{header.X-Sign}" }, "Secrets": [{ "Id": "b", "Value": "{{secret}}" }] }""",
            ("X-Sign", Hex));

        tried.Signature.Failure.ShouldBe("the signature matches no secret of the source");
        tried.Signature.WouldMatch.ShouldBe([new TriedVariant("b", "plain", "", null, "hex", key, "{body}")]);
    }

    [Fact]
    public async Task Body_alone_is_tried_where_another_content_is_configured()
    {
        var tried = await TryAsync(
            """{ "Verify": { "Signature": "{header.X-Sign}", "Content": "{header.X-Id}.{body}" } }""",
            ("X-Sign", Hex), ("X-Id", "7"));

        tried.Signature.Content.ShouldBe($"7.{Body}");
        tried.Signature.WouldMatch.ShouldBe([new TriedVariant("a", "plain", "", null, "hex", "utf8", "{body}")]);
    }

    [Fact]
    public async Task Of_the_expected_signature_only_the_end_is_shown()
    {
        var tried = await TryAsync("""{ "Verify": { "Signature": "{header.X-Sign}" } }""", ("X-Sign", new string('0', 64)));

        tried.Signature.ExpectedEnd.ShouldBe(new Dictionary<string, string> { ["a"] = Hex[^4..] });
        tried.Signature.WouldMatch.ShouldBeEmpty();
        JsonSerializer.Serialize(tried).ShouldNotContain(Hex[^5..]);
    }

    [Fact]
    public async Task Secret_in_the_signed_content_is_masked()
    {
        var tried = await TryAsync(
            """{ "Verify": { "Scheme": "sha256", "Signature": "{header.X-Sign}", "Content": "{body}/{secret}" } }""",
            ("X-Sign", Hex));

        tried.Signature.Content.ShouldBe($"{Body}/***");
        JsonSerializer.Serialize(tried).ShouldNotContain(SourceSetup.Secret);
    }

    [Theory]
    [InlineData("token", "wrong")]
    [InlineData("token", SourceSetup.Secret)]
    [InlineData("basic", "Basic dXNlcjp3cm9uZy1wYXNzd29yZA==")]
    public async Task Neither_token_nor_password_is_shown(string scheme, string sent)
    {
        var secret = scheme == "basic" ? "user:test-secret-0123" : SourceSetup.Secret;
        var tried = await TryAsync(
            $$"""
            { "Verify": { "Scheme": "{{scheme}}", "Signature": "{header.X-Sign}" },
              "Secrets": [{ "Id": "a", "Value": "{{secret}}" }] }
            """,
            ("X-Sign", sent));

        tried.Signature.Characters.ShouldBe(sent.Length);
        (tried.Signature.Signatures.Count, tried.Signature.ExpectedEnd.Count).ShouldBe((0, 0));
        var text = JsonSerializer.Serialize(tried);
        text.ShouldNotContain(sent);
        text.ShouldNotContain(SourceSetup.Secret[^4..]);
    }

    [Fact]
    public async Task Prefix_of_a_token_is_named()
    {
        var tried = await TryAsync(
            """{ "Verify": { "Scheme": "token", "Signature": "{header.X-Sign}" } }""",
            ("X-Sign", $"Bearer {SourceSetup.Secret}"));

        tried.Signature.WouldMatch.ShouldBe([new TriedVariant("a", "plain", "Bearer ", null, null, null, null)]);
    }

    [Fact]
    public async Task Timestamp_is_shown_with_its_age()
    {
        var sent = SourceSetup.Now.AddMinutes(-6).ToUnixTimeSeconds();
        const string settings = """
            { "Verify": { "Signature": "{header.X-Sign}", "Content": "{timestamp}.{body}",
                          "Timestamp": { "From": "{header.X-Time}", "Stale": "reject" } } }
            """;

        var tried = await TryAsync(settings, ("X-Sign", Hex), ("X-Time", $"{sent}"));

        tried.Timestamp.ShouldBe(new TriedTimestamp($"{sent}", "2026-02-25T14:24:00.000Z", 360, 300, true, true));
    }

    [Fact]
    public async Task Missing_parts_are_named()
    {
        var tried = await TryAsync("""
            { "Verify": { "Signature": "{header.X-Sign}", "Content": "{header.X-Id}.{body}" },
              "Map": { "Shipment": "$.parcel", "Type": "$.type" } }
            """,
            ("X-Sign", Hex));

        tried.Signature.MissingContent.ShouldBe("header.X-Id");
        tried.Mapping.Error.ShouldBe("Map.Shipment: $.parcel is missing");
        tried.Mapping.Events.ShouldHaveSingleItem().Error.ShouldBe("Map.Shipment: $.parcel is missing");
    }

    [Fact]
    public async Task Handshake_is_answered_before_the_proof()
    {
        var tried = await TryAsync("""
            { "Verify": { "Signature": "{header.X-Sign}" },
              "Handshakes": [{ "When": { "Body": { "Value": "$.type", "Is": ["done"] } },
                               "Answer": { "Status": 200, "Body": "{$.shipment}", "ContentType": "text/plain" } }] }
            """);

        (tried.Result, tried.Rejection, tried.Handshake).ShouldBe(("handshake", null, new TriedHandshake(200, "s-1")));
    }

    [Fact]
    public async Task Key_is_looked_up_in_the_store()
    {
        _events.IsKnown = true;

        var tried = await TryAsync("""{ "Verify": { "Signature": "{header.X-Sign}" } }""", ("X-Sign", Hex));

        tried.Mapping.Events.ShouldHaveSingleItem().Known.ShouldBe(true);
        _events.Asked.ShouldHaveSingleItem().ToString().ShouldBe(tried.Mapping.Events[0].Key);
    }

    [Fact]
    public async Task Store_that_does_not_answer_is_asked_once_and_the_rest_is_shown()
    {
        _events.IsKnown = null;
        const string settings = """{ "Verify": { "Signature": "{header.X-Sign}" }, "Each": "$[*]" }""";
        var items = string.Join(',', Enumerable.Range(0, 25).Select(i => $$"""{"shipment":"{{i}}","type":"x"}"""));

        var tried = await TryAsync(settings, $"[{items}]");

        (tried.Mapping.Items, tried.Mapping.Events.Count, _events.Asked.Count).ShouldBe((25, 20, 1));
        tried.Mapping.Events.ShouldAllBe(e => e.Known == null && e.Key != null);
    }

    private Task<TrySourceResponse> TryAsync(string settings, params (string Name, string Value)[] headers)
        => TryAsync(settings, Body, headers);

    private async Task<TrySourceResponse> TryAsync(string settings, string body, params (string Name, string Value)[] headers)
    {
        var sources = new CurrentSources(new SourceTable([SourceSetup.Source(settings)]));
        var request = new TrySourceDto
        {
            Body = body,
            Headers = headers.ToDictionary(one => one.Name, one => JsonSerializer.SerializeToElement(one.Value)),
        };
        return (await new TrySourceHandler(sources, _events, builtIn: null!, new FakeTimeProvider(SourceSetup.Now))
            .Handle(new TrySourceQuery("test", request), CancellationToken.None))!;
    }

    /// <summary>A store with every event, with none, or that does not answer.</summary>
    private sealed class StubQueries : IEventQueries
    {
        public bool? IsKnown { get; set; } = false;

        public List<EventKey> Asked { get; } = [];

        public Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
        {
            Asked.Add(key);
            return IsKnown is null
                ? throw new BackendUnavailableException("store", "does not answer")
                : Task.FromResult(IsKnown == true ? Stored(key) : null);
        }

        public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
            => Task.FromResult<Tombstone?>(null);

        public Task<IReadOnlyList<EventEntity>> ListAsync(
            EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<int> CountAsync(EventFilter filter, int atMost, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<IReadOnlyList<EventShare>> ShareAsync(
            EventFilter filter, int newest, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<DateTimeOffset?> ReceivedAtAsync(DateTimeOffset? before, int newer, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<EventCounts> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PendingEvents> PendingAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FailureGroups> GroupFailuresAsync(int limit, string? source, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<IReadOnlyList<OpenContainers>> CountContainersAsync(CancellationToken cancellationToken)
            => throw new NotSupportedException();

        private static EventEntity Stored(EventKey key) => new()
        {
            Key = key, MerchantId = "m-1", ShipmentId = "s-1", Type = EventType.Updated, OccurredAt = SourceSetup.Now,
            ReceivedAt = SourceSetup.Now,
        };
    }
}
