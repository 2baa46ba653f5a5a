using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Tests.Measure.Accounting;

public sealed class SourceIdsTests
{
    private static readonly SourceIds Ids = new("dhl-push", "1234567890", DateTimeOffset.UnixEpoch);

    [Fact]
    public void Missing_item_of_an_accepted_batch_is_lost()
    {
        var ledger = new EventLedger();
        ledger.RecordAccepted(100, count: 3);
        ledger.RecordUnknown(200, count: 2);

        var events = AccountedEvents.Of(Ids, ledger, [Row(Ids.TextOf(100)), Row(Ids.TextOf(102)), Row(Ids.TextOf(201))]);

        (events.Accepted, events.Unknown, events.UnknownStored, events.InventedCount).ShouldBe((3, 2, 1, 0));
        events.Lost.ShouldHaveSingleItem().ShouldBe("dhl-push shipment 12345678900000000101");
    }

    [Theory]
    [InlineData("12345678900000000042", 42)]
    [InlineData("shipment 12345678900000000042 of m-1", 42)]
    [InlineData("1234567890000000004", -1)]
    [InlineData("99999999990000000042", -1)]
    public void Shipment_of_the_run_holds_the_number(string shipment, long expected)
    {
        Ids.TryNumberOf(Row(shipment), out var number).ShouldBe(expected >= 0);
        number.ShouldBe(expected);
    }

    private static EventRow Row(string shipment) => new("dhl-push.a-digest", "processed", "routed", null, shipment);
}
