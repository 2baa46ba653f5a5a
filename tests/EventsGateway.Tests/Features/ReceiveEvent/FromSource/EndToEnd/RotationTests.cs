using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

/// <summary>The file of sources changes while senders post: no request is rejected, and no event is lost.</summary>
public sealed class RotationTests : IDisposable
{
    private const string Old = SourceSender.Token;
    private const string New = "another-token-of-the-sender";

    private readonly TempFolder _folder = new();
    private volatile string _token = Old;
    private volatile bool _stops;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Secret_is_rotated_and_a_broken_file_is_mended_under_load_without_a_loss()
    {
        await using var host = SourceSender.Start(_folder, Settings(("a", Old)));
        var senders = Enumerable.Range(0, 4).Select(sender => PostAsync(host, sender)).ToArray();
        await UsedAsync(host, "a", 20);

        SourceSender.Write(_folder, Settings(("a", Old), ("b", New)));
        await UntilAsync(host, list => SecretsOf(list).Count == 2);
        _token = New;
        await UsedAsync(host, "b", 20);
        SourceSender.Write(_folder, "{ \"courier\": ");
        await UntilAsync(host, list => list.GetProperty("errors").GetArrayLength() > 0);
        var used = RequestsOf(await host.Client.GetAsync("/v1/events-gateway/sources"), "b");
        await UsedAsync(host, "b", used + 20);
        SourceSender.Write(_folder, Settings(("b", New)));
        await UntilAsync(host, list => SecretsOf(list).Keys.SequenceEqual(["b"]));
        _stops = true;

        var posted = (await Task.WhenAll(senders)).Sum();
        var counts = await Until.TrueAsync(
            () => host.Client.CountsAsync(), counts => counts.GetProperty("accepted").GetInt64() >= posted);
        counts.GetProperty("accepted").GetInt64().ShouldBe(posted);
        using var removed = await host.PostAsync("/v1/sources/courier", """{ "items": [] }""", Old);
        ((int)removed.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Built_in_source_takes_further_secrets_from_the_file()
    {
        const string further = "a-further-secret-of-senders";
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var body = new Webhooks().Next().ToBytes();
        using var client = new GatewayClient(new HttpClient { BaseAddress = host.Address }, further);
        using var before = await client.PostSignedAsync(body);

        var secret = $$"""{ "gateway": { "Secrets": [{ "Id": "2027", "Value": "{{further}}" }] }, """;
        SourceSender.Write(_folder, secret + SourceSender.Settings.Trim()[1..]);
        using var after = await Until.TrueAsync(() => client.PostSignedAsync(body), answer => (int)answer.StatusCode == 202);

        ((int)before.StatusCode).ShouldBe(401);
        (await host.Client.EventAsync(await after.AcceptedKeyAsync())).Text("secretId").ShouldBe("2027");
        using var old = await host.Client.PostSignedAsync(new Webhooks().Next());
        ((int)old.StatusCode).ShouldBe(202);
    }

    private static string Settings(params (string Id, string Value)[] secrets)
    {
        var list = string.Join(", ", secrets.Select(secret => $$"""{ "Id": "{{secret.Id}}", "Value": "{{secret.Value}}" }"""));
        return SourceSender.Settings.Replace($$"""{ "Id": "a", "Value": "{{Old}}" }""", list);
    }

    private async Task<int> PostAsync(GatewayHost host, int sender)
    {
        var posted = 0;
        while (!_stops)
        {
            using var answer = await host.PostAsync(
                "/v1/sources/courier", $$"""{ "items": [ { "id": "{{sender}}-{{posted}}", "shipment": "s", "state": "x" } ] }""",
                _token);
            ((int)answer.StatusCode).ShouldBe(200);
            posted++;
        }

        return posted;
    }

    private static Task<JsonElement> UsedAsync(GatewayHost host, string secret, long requests)
        => UntilAsync(host, list => RequestsOf(list, secret) >= requests);

    private static Task<JsonElement> UntilAsync(GatewayHost host, Func<JsonElement, bool> isTrue)
        => Until.TrueAsync(() => host.Client.GetAsync("/v1/events-gateway/sources"), isTrue);

    private static long RequestsOf(JsonElement list, string secret) => SecretsOf(list).GetValueOrDefault(secret);

    private static Dictionary<string, long> SecretsOf(JsonElement list)
        => list.GetProperty("items").EnumerateArray().Single(source => source.Text("name") == "courier").GetProperty("secrets")
            .EnumerateArray().ToDictionary(secret => secret.Text("id")!, secret => secret.GetProperty("requests").GetInt64());
}
