using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class FailedMerchantsTests
{
    private readonly FailedMerchants _merchants = new();

    [Fact]
    public void Merchant_of_nearly_all_failed_events_of_an_outcome_is_named()
    {
        Add("rejected-by-router", "one", 8);
        Add("rejected-by-router", "two", 2);

        _merchants.ByOutcome().ShouldBe(new Dictionary<string, string> { ["rejected-by-router"] = "one" });
    }

    [Fact]
    public void Several_merchants_are_not_named()
    {
        Add("rejected-by-router", "one", 7);
        Add("rejected-by-router", "two", 3);

        _merchants.ByOutcome().ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_latest_failed_events_count()
    {
        Add("poison", "one", 1000);
        Add("poison", "two", 100);

        _merchants.ByOutcome().ShouldBe(new Dictionary<string, string> { ["poison"] = "two" });
    }

    private void Add(string outcome, string merchant, int times)
    {
        for (var i = 0; i < times; i++) _merchants.Add(outcome, merchant);
    }
}
