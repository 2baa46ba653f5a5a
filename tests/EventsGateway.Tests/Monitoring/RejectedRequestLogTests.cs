using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class RejectedRequestLogTests
{
    private readonly SteppedTime _time = new();
    private readonly RejectedRequestLog _log;

    public RejectedRequestLogTests() => _log = new RejectedRequestLog(_time);

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

    private void Add(string source, string reason, string message) => _log.Add(Record(source, reason, message));

    private RejectedRequest? Report(string? source, string reason)
        => _log.Report(source, reason, () => Record(source, reason, "reported"));

    private static RejectedRequest Record(string? source, string reason, string message)
        => new() { At = "", RequestId = "r", Source = source, Status = 400, Reason = reason, Message = message };
}
