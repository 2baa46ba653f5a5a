namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>
/// Batches from a seed. Of the items about 60 % are mapped, 20 % unmapped until the mapping is fixed, 10 % skipped and 10 % sent
/// before. Some requests are skipped as a whole, some are not JSON, one in ten is an earlier one.
/// </summary>
internal sealed class BatchFeed(int seed) : IDrillFeed
{
    private const int ItemsPerShipment = 6;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly List<Batch> _sent = [];
    private readonly List<Item> _items = [];

    public IDrillRequest Next()
    {
        lock (_gate)
        {
            if (_sent.Count > 0 && _random.Next(10) == 0) return _sent[_random.Next(_sent.Count)];
            _sent.Add(_random.Next(20) switch
            {
                0 => new Batch($$"""{"scope":"ping","number":{{_sent.Count}}}""") { Skipped = 1 },
                1 => new Batch($$"""{"scope":"push","items":[{{_sent.Count}}""") { IsUnreadable = true },
                _ => Of([.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => NextItem()).DistinctBy(item => item.Json)]),
            });
            return _sent[^1];
        }
    }

    private static Batch Of(IReadOnlyList<Item> items)
        => new($$"""{"scope":"push","items":[{{string.Join(',', items.Select(item => item.Json))}}]}""")
        {
            Mapped = [.. items.Where(item => item.Kind == "id").Select(item => Batch.KeyOf(item.Id))],
            Unmapped = [.. items.Where(item => item.Kind == "key").Select(item => Batch.KeyOf(item.Id))],
            Skipped = items.Count(item => item.Kind == "skipped"),
        };

    private Item NextItem()
    {
        if (_items.Count > 0 && _random.Next(10) == 0) return _items[_random.Next(_items.Count)];
        var (id, shipment) = ($"i{_items.Count}", $"sh-{_items.Count / ItemsPerShipment}");
        var (kind, name, state) = _random.Next(9) switch
        {
            0 => ("skipped", "id", "noise"),
            1 or 2 => ("key", "key", "moving"),
            _ => ("id", "id", _random.Next(ItemsPerShipment) == 0 ? "done" : "moving"),
        };
        var at = $"2026-02-25T14:{_random.Next(60):00}:00Z";
        _items.Add(new Item(
            kind, id, $$"""{"{{name}}":"{{id}}","shipment":"{{shipment}}","state":"{{state}}","at":"{{at}}"}"""));
        return _items[^1];
    }

    private sealed record Item(string Kind, string Id, string Json);
}
