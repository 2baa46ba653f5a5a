using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The shipments of one group of events, as they were read and as the events have changed them.</summary>
internal sealed class ShipmentRows(IEnumerable<BsonDocument> read, DateTimeOffset now)
{
    private readonly Dictionary<ShipmentKey, ShipmentRow> _rows = read
        .Select(row => new ShipmentRow { Read = row, State = ShipmentDocument.Read(row, now) })
        // A query that runs while others write may read a row twice. The later reading counts; an older one fails at its write.
        .GroupBy(row => row.State!.Key).ToDictionary(same => same.Key, same => same.Last());

    public IReadOnlyList<ShipmentRow> Changed => [.. _rows.Values.Where(row => row.HasChanged)];

    public ShipmentRow? Find(ShipmentKey key) => _rows.GetValueOrDefault(key);

    public ShipmentEntity Apply(EventEntity e, TimeSpan newCycleAfter)
    {
        var key = ShipmentKey.Of(e);
        if (!_rows.TryGetValue(key, out var row)) _rows.Add(key, row = TakeOver(e) ?? new ShipmentRow());
        var after = row.State?.After(e, newCycleAfter) ?? ShipmentEntity.Of(e);
        if (after != row.State) row.HasChanged = true;
        row.LastEvent = e.Key;
        return row.State = after;
    }

    /// <summary>A shipment whose courier is not known belongs to the first event of its merchant.</summary>
    private ShipmentRow? TakeOver(EventEntity e)
    {
        var key = ShipmentKey.Of(e);
        var unknown = key with { ShippingCompanyId = "" };
        if (!_rows.TryGetValue(unknown, out var row) || row.State!.MerchantId != e.MerchantId) return null;
        _rows.Remove(unknown);
        row.State = row.State with { Key = key };
        row.HasChanged = true;
        return row;
    }
}

internal sealed class ShipmentRow
{
    /// <summary>Null: it does not exist yet.</summary>
    public BsonDocument? Read { get; init; }

    public ShipmentEntity? State { get; set; }

    public bool HasChanged { get; set; }

    /// <summary>For the error of a store that rejects the write.</summary>
    public EventKey LastEvent { get; set; }

    public WriteModel<BsonDocument> WriteAt(DateTimeOffset now) => Read is null
        ? new InsertOneModel<BsonDocument>(ShipmentDocument.New(State!, now))
        : ShipmentDocument.Update(Read, State!, now);
}
