using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Queue.RabbitMq;

public sealed class SlowLineTests
{
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 15);

    /// <summary>A publish takes one round trip; opening a connection, declaring or opening a channel takes more.</summary>
    [Fact]
    public Task Queue_works_where_only_a_publish_ends_within_the_deadline()
        => ShouldWorkAsync(roundTrip: TimeSpan.FromSeconds(0.4), deadline: TimeSpan.FromSeconds(0.7));

    /// <summary>With the default deadline; about a minute.</summary>
    [Fact(Explicit = true)]
    public Task Queue_works_with_a_round_trip_of_two_seconds()
        => ShouldWorkAsync(roundTrip: TimeSpan.FromSeconds(2), deadline: TimeSpan.FromSeconds(4));

    private async Task ShouldWorkAsync(TimeSpan roundTrip, TimeSpan deadline)
    {
        using var line = new SlowLineProxy(roundTrip / 2);
        await using var broker = new RabbitMqBroker(configure: settings =>
        {
            (settings.Url, settings.PublishDeadline) = (line.To(settings.Url), deadline);
        });
        await broker.OpenAsync();

        var taken = new List<EventKey>();
        await Until.TrueAsync(
            async () =>
            {
                var e = _newEvents.Next();
                if (await IsTakenAsync(broker, e)) taken.Add(e.Key);
                return taken.Count;
            },
            count => count == 10);
        await broker.Queue.ProbeAsync();

        (await broker.ArrivedAsync(10)).Select(e => e.Key).ShouldBe(taken, ignoreOrder: true);
    }

    private static async Task<bool> IsTakenAsync(RabbitMqBroker broker, AcceptedEvent e)
    {
        try
        {
            return (await broker.Queue.EnqueueAsync([e])).Single() == EnqueueResult.New;
        }
        catch (BackendUnavailableException)
        {
            return false;
        }
    }
}
