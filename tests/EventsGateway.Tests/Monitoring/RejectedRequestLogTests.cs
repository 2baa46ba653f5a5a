using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class RejectedRequestLogTests
{
    private readonly SteppedTime _time = new();
    private readonly RejectionCounts _counts;
    private readonly RejectedRequestLog _log;

    public RejectedRequestLogTests()
    {
        _counts = new RejectionCounts(_time);
        _log = new RejectedRequestLog(_counts, _time);
    }

    private IReadOnlyList<RejectedRequest> All => _log.Latest(RejectedRequestLog.Capacity);

    [Fact]
    public void Flood_of_one_pair_leaves_the_records_of_the_others()
    {
        for (var i = 0; i < 5; i++) Add("acme", RejectionReason.InvalidSignature, $"before {i}");
        for (var i = 0; i < 5; i++) Add("other", RejectionReason.MissingSignature, $"other {i}");
        for (var i = 0; i < 1000; i++) Add("acme", RejectionReason.MissingSignature, $"flood {i}");

        All.Count.ShouldBe(RejectedRequestLog.Capacity);
        All.Where(one => one.Message.StartsWith("flood")).Select(one => one.Message)
            .ShouldBe(Enumerable.Range(0, 190).Select(i => $"flood {999 - i}"));
        All.Count(one => !one.Message.StartsWith("flood")).ShouldBe(10);
    }

    [Fact]
    public void Pairs_that_flood_at_once_share_the_room()
    {
        for (var i = 0; i < 1000; i++)
            foreach (var source in new[] { "a", "b", "c", "d" }) Add(source, RejectionReason.TooLarge, $"{i}");

        All.CountBy(one => one.Source!).Select(one => one.Value).ShouldBe([50, 50, 50, 50]);
    }

    [Fact]
    public void Fewer_records_have_the_newest_of_each_pair_first()
    {
        Add("quiet", RejectionReason.TooLarge, "quiet 1");
        Add("quiet", RejectionReason.TooLarge, "quiet 2");
        for (var i = 0; i < 100; i++) Add("loud", RejectionReason.TooLarge, $"loud {i}");

        _log.Latest(3).Select(one => one.Message).ShouldBe(["loud 99", "loud 98", "quiet 2"]);
    }

    [Fact]
    public void Flood_of_one_pair_does_not_take_the_records_of_another_in_the_same_second()
    {
        for (var i = 0; i < 1000; i++) Report("acme", RejectionReason.MissingSignature);

        Report("acme", RejectionReason.InvalidSignature).ShouldNotBeNull();
        Report("other", RejectionReason.MissingSignature).ShouldNotBeNull();
        Report("acme", RejectionReason.MissingSignature).ShouldBeNull();
    }

    [Fact]
    public void Each_request_is_counted_in_its_hour()
    {
        for (var i = 0; i < 1000; i++) Report("acme", RejectionReason.TooLarge);
        _time.Advance(TimeSpan.FromHours(1));
        Report(null, RejectionReason.BadRequest);

        _counts.Read().Select(one => (one.Hour.Source, one.Hour.Reason, one.Count))
            .ShouldBe([("acme", "too_large", 1000), ("", "bad_request", 1)], ignoreOrder: true);

        _time.Advance(TimeSpan.FromHours(23));
        _counts.Read().ShouldHaveSingleItem().Hour.Source.ShouldBe("");
    }

    [Fact]
    public void Number_of_names_is_bounded()
    {
        for (var i = 0; i < 5 * RejectionCounts.MaxNames; i++) _counts.Add($"source {i}", RejectionReason.TooLarge);

        _counts.Read().Count.ShouldBe(RejectionCounts.MaxNames + 1);
        _counts.Read().Sum(one => one.Count).ShouldBe(5 * RejectionCounts.MaxNames);
    }

    [Fact]
    public void Counts_that_could_not_be_stored_are_put_back()
    {
        _counts.Add("acme", RejectionReason.TooLarge);
        var taken = _counts.Take();
        _counts.Add("acme", RejectionReason.TooLarge);

        _counts.PutBack(taken);

        _counts.Read().ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    private void Add(string source, string reason, string message) => _log.Add(Record(source, reason, message));

    private RejectedRequest? Report(string? source, string reason)
        => _log.Report(source, reason, () => Record(source, reason, "reported"));

    private static RejectedRequest Record(string? source, string reason, string message)
        => new() { At = "", RequestId = "r", Source = source, Status = 400, Reason = reason, Message = message };
}
