namespace Gateway.EventsGateway.Repositories;

/// <summary>Splits an erasure into short writes, so that other writes are not delayed.</summary>
internal static class ErasureBatches
{
    /// <param name="atMost">The most events of this call.</param>
    /// <param name="batch">The most events, or shipments, of one write.</param>
    /// <param name="eraseSome">Erases up to so many events, and their shipments.</param>
    /// <param name="countRemaining">Counts the events that are left.</param>
    /// <param name="eraseShipments">Erases one batch of the shipments whose events are gone; returns how many.</param>
    public static async Task<Erased> RunAsync(
        int atMost, int batch, Func<int, Task<Erased>> eraseSome, Func<Task<int>> countRemaining, Func<Task<int>> eraseShipments)
    {
        int events = 0, shipments = 0;
        Erased some;
        do
        {
            some = await eraseSome(Math.Min(batch, atMost - events));
            (events, shipments) = (events + some.Events, shipments + some.Shipments);
        }
        while (some.Events > 0 && events < atMost);

        var remaining = await countRemaining();
        for (var last = batch; remaining == 0 && last == batch; shipments += last) last = await eraseShipments();
        return new Erased(events, shipments, remaining);
    }
}
