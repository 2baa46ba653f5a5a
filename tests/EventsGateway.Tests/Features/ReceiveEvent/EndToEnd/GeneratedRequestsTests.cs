using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class GeneratedRequestsTests
{
    private const int Seed = 31_337;
    private const int Count = 10_000;

    private static readonly string[] Ids = ["eventId", "merchantId", "shippingCompanyId", "shipmentId"];
    private static readonly string[] Types = ["SHIPMENT_CREATED", "SHIPMENT_UPDATED", "SHIPMENT_CANCELLED", "SHIPMENT_DELIVERED"];

    [Fact]
    public async Task Ten_thousand_broken_bodies_are_answered_400_without_other_effects()
    {
        await using var host = GatewayHost.Start();
        var bodies = new MutatedBodies(Seed);
        var (surprises, accepted) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, bool>());

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count).Select(_ => bodies.Next()).ToList(), new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (body, token) =>
            {
                using var answer = await host.Client.PostSignedAsync(body, token);
                var status = (int)answer.StatusCode;
                if (status == 202) accepted[await answer.AcceptedKeyAsync()] = true;
                if (status is not (202 or 400) || (status == 202 && MistakeIn(body) is not null))
                    surprises.Add($"{status} {MistakeIn(body)}: {Convert.ToBase64String(body)}");
            });

        surprises.ShouldBeEmpty();
        accepted.Count.ShouldBeLessThan(Count / 4, "most of them should have been broken");
        var counts = await host.Client.SettledAsync();
        counts.GetProperty("accepted").GetInt64().ShouldBe(accepted.Count);
        var key = await host.Client.AcceptedAsync(new Webhooks().Next() with { EventId = "after all" });
        await host.Client.StatusAsync(key, "processed");
    }

    /// <summary>An independent oracle that shares no code with the gateway: why a body must be rejected, or null.</summary>
    private static string? MistakeIn(byte[] body)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
            using var json = JsonDocument.Parse(text.StartsWith('\uFEFF') ? text[1..] : text);
            return json.RootElement.ValueKind != JsonValueKind.Object ? "no object" : MistakeIn(json.RootElement);
        }
        catch (Exception broken) when (broken is DecoderFallbackException or JsonException or InvalidOperationException)
        {
            return broken.Message;
        }
    }

    private static string? MistakeIn(JsonElement root)
    {
        foreach (var id in Ids)
        {
            if (TextOf(root, id) is not { } text) return $"{id} is no text";
            if (string.IsNullOrWhiteSpace(text)) return $"{id} is blank";
            if (text.Any(char.IsControl)) return $"{id} has control characters";
            if (text.EnumerateRunes().Count() > 256 || Encoding.UTF8.GetByteCount(text) > 512) return $"{id} is too long";
        }

        if (!Types.Contains(TextOf(root, "type"))) return "unknown type";
        if (TextOf(root, "occurredAt") is not { Length: >= 7 } time || !time.Any(char.IsAsciiDigit) || time.Any(char.IsControl))
            return "no time";
        return root.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object ? null : "no payload";
    }

    private static string? TextOf(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
