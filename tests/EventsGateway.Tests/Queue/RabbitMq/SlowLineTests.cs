using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Tests.Queue.RabbitMq;

public sealed class SlowLineTests
{
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 15);

    /// <summary>A publish takes one round trip; opening a connection, declaring or opening a channel takes more.</summary>
    [Fact]
    public Task Queue_works_where_only_a_publish_ends_within_the_deadline()
        => ShouldWorkAsync(roundTrip: TimeSpan.FromSeconds(0.4), deadline: TimeSpan.FromSeconds(0.7));

    /// <summary>With the default deadline; about two minutes.</summary>
    [Fact(Explicit = true)]
    public Task Queue_works_with_a_round_trip_of_two_seconds()
        => ShouldWorkAsync(roundTrip: TimeSpan.FromSeconds(2), deadline: TimeSpan.FromSeconds(4));

    private async Task ShouldWorkAsync(TimeSpan roundTrip, TimeSpan deadline)
    {
        using var line = new DelayingProxy((await RabbitMqServer.SharedAsync()).Url.Port, roundTrip);
        await using var broker = new RabbitMqBroker(configure: settings =>
        {
            settings.PublishDeadline = deadline;
            settings.Url = new UriBuilder(settings.Nodes[0]) { Port = line.Port }.ToString();
        });
        await broker.OpenAsync();

        for (var taken = 0; taken < 10; taken++) await Until.TrueAsync(() => IsTakenAsync(broker), isTaken => isTaken);
        await broker.Queue.ProbeAsync();

        // One that missed the deadline may arrive too.
        (await broker.ArrivedAsync(10)).Count.ShouldBeGreaterThanOrEqualTo(10);
    }

    private async Task<bool> IsTakenAsync(RabbitMqBroker broker)
    {
        try
        {
            return (await broker.Queue.EnqueueAsync([_newEvents.Next()])).Single() == EnqueueResult.New;
        }
        catch (BackendUnavailableException)
        {
            return false;
        }
    }
}
