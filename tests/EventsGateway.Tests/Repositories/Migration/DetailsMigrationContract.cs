using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>
/// An event that the version before has stored is routed with the details of its body; a pause of a merchant stays one.
/// </summary>
public abstract class DetailsMigrationContract : IAsyncLifetime
{
    private protected const string Body =
        """{"occurredAt":"2026-02-28","payload":{"weight":12345678901234567890,"origin":"Cairo"}}""";

    private readonly StoreHarness _store;

    private protected DetailsMigrationContract(StoreHarness store) => _store = store;

    private protected DateTimeOffset Now => _store.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await WriteAsync();
        await _store.OpenAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Claimed_event_of_the_version_before_is_routed_as_before()
    {
        var e = (await _store.Events.ClaimDueAsync(new ClaimRequest(9, ClaimOrder.Oldest, TimeSpan.FromSeconds(30))))
            .Events.ShouldHaveSingleItem().Event;

        Encoding.UTF8.GetString(EventMapper.ToRoutingRequest(e).Span).ShouldContain(
            """ "shippingCompanyId":"dhl","origin":"Cairo","weight":12345678901234567890,"eventType" """.Trim());
        (e.Source, e.SecretId, e.AfterEnd, e.ItemIndex, e.RequestDigest)
            .ShouldBe((CanonicalEvent.BuiltInSource, null, null, null, null));
    }

    [Fact]
    public async Task Event_of_the_version_before_is_one_of_the_built_in_source()
    {
        foreach (var (source, count) in new[] { (CanonicalEvent.BuiltInSource, 1), ("dhl", 0) })
        {
            var filter = new EventFilter { Source = source };
            (await _store.Queries.ListAsync(filter, null, 9, CancellationToken.None)).Count.ShouldBe(count, source);
        }
    }

    [Fact]
    public async Task Pause_of_the_version_before_is_one_of_its_merchant_at_any_source()
    {
        var merchant = new RoutingScope(null, "m-1");
        (await _store.Pauses.PauseAsync(merchant, "noor")).ShouldBeFalse("it is paused");
        (await _store.Pauses.PauseAsync(merchant with { Source = "easypost" }, "noor")).ShouldBeTrue();

        (await _store.Pauses.ListAsync(CancellationToken.None)).Select(pause => (pause.Scope, pause.By)).ShouldBe(
            [(merchant, "mira"), (merchant with { Source = "easypost" }, "noor")], ignoreOrder: true);

        (await _store.Pauses.ResumeAsync(merchant)).ShouldBeTrue();
    }

    /// <summary>One pending event (dhl, 1) that is due, and a pause of m-1 by mira.</summary>
    private protected abstract Task WriteAsync();
}
