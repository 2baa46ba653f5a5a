using Gateway.Shared.Hosting;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Hosting;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private static readonly GroupCommitOptions OneCommitter = new() { Committers = 1 };

    private readonly HeldCommits _commits = new();
    private readonly SteppedTime _time = new();
    private GroupCommit<int, string>? _door;

    public ValueTask DisposeAsync() => _commits.EndAsync(_door);

    [Fact]
    public async Task Each_waiter_gets_the_result_of_its_item()
    {
        await using var groups = new GroupCommit<int, string>(
            async group =>
            {
                await Task.Yield();
                return [.. group.Select(item => $"{item} is safe")];
            },
            _ => 1, new GroupCommitOptions { MaxGroup = 7 }, _time);

        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000).AsParallel().Select(
            async item => (item, answer: await groups.TryCommit(item)!)));

        answers.Length.ShouldBe(2_000);
        answers.ShouldAllBe(one => one.answer == $"{one.item} is safe");
    }

    [Fact]
    public async Task Group_contains_the_items_that_arrived_during_the_last_commit()
    {
        var groups = NewGroup(OneCommitter);

        var first = groups.TryCommit(1)!;
        var inFlight = await _commits.Next();
        var others = new[] { 2, 3, 4 }.Select(item => groups.TryCommit(item)!).ToArray();
        inFlight.Succeed();
        (await first.Ended()).ShouldBe("1 is safe");
        var second = await _commits.Next();
        second.Succeed();

        second.Group.ShouldBe([2, 3, 4]);
        (await Task.WhenAll(others).Ended()).ShouldBe(["2 is safe", "3 is safe", "4 is safe"]);
    }

    [Fact]
    public async Task Second_group_is_committed_while_the_first_is_in_flight()
    {
        var groups = NewGroup(new GroupCommitOptions { Committers = 2 });

        var first = groups.TryCommit(1)!;
        await _commits.Next();
        var second = groups.TryCommit(2)!;
        (await _commits.Next()).Succeed();

        (await second.Ended()).ShouldBe("2 is safe");
        first.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Group_size_is_limited()
    {
        var groups = NewGroup(OneCommitter with { MaxGroup = 2 });

        Accepts(groups, 0);
        var inFlight = await _commits.Next();
        foreach (var item in new[] { 1, 2, 3 }) Accepts(groups, item);
        inFlight.Succeed();

        var second = await _commits.Next();
        second.Group.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Items_of_one_call_are_committed_in_one_group_and_answered_in_order()
    {
        var groups = NewGroup(OneCommitter with { MaxGroup = 2 });
        Accepts(groups, 0);
        var inFlight = await _commits.Next();

        var batch = groups.TryCommit([1, 2, 3])!;
        Accepts(groups, 4);
        inFlight.Succeed();
        var second = await _commits.Next();
        second.Succeed();

        second.Group.ShouldBe([1, 2, 3]);
        (await batch.Ended()).ShouldBe(["1 is safe", "2 is safe", "3 is safe"]);
    }

    [Fact]
    public async Task Items_of_one_call_enter_the_queue_together_or_not_at_all()
    {
        var groups = NewGroup(OneCommitter with { MaxWaitingBytes = 4 });
        Accepts(groups, 0);
        var inFlight = await _commits.Next();

        Accepts(groups, 1).ShouldBeTrue();
        var tooMany = groups.TryCommit([2, 3, 4]);
        var fitting = groups.TryCommit([2, 3]);

        inFlight.Succeed();
        var second = await _commits.Next();
        second.Succeed();
        second.Group.ShouldBe([1, 2, 3]);
        tooMany.ShouldBe(null);
        (await fitting!.Ended()).ShouldBe(["2 is safe", "3 is safe"]);
    }

    [Fact]
    public async Task Item_beyond_the_count_limit_is_rejected_at_once()
    {
        var groups = NewGroup(OneCommitter with { MaxWaiting = 2 });

        Accepts(groups, 1);
        var inFlight = await _commits.Next();
        Accepts(groups, 2).ShouldBeTrue();
        Accepts(groups, 3).ShouldBeTrue();
        Accepts(groups, 4).ShouldBeFalse();

        inFlight.Succeed();
        var second = await _commits.Next();
        Accepts(groups, 5).ShouldBeTrue();
    }

    [Fact]
    public async Task Item_beyond_the_byte_limit_is_rejected_until_a_commit_frees_space()
    {
        var groups = NewGroup(OneCommitter with { MaxWaitingBytes = 25 }, sizeOf: 10);

        Accepts(groups, 1);
        var inFlight = await _commits.Next();
        Accepts(groups, 2).ShouldBeTrue();
        Accepts(groups, 3).ShouldBeFalse();
        Accepts(groups, 4).ShouldBeFalse();

        inFlight.Succeed();
        var second = await _commits.Next();
        second.Group.ShouldBe([2]);
        Accepts(groups, 5).ShouldBeTrue();
    }

    [Fact]
    public async Task CommitAsync_waits_for_space()
    {
        var groups = NewGroup(OneCommitter with { MaxWaiting = 1 });

        Accepts(groups, 1);
        var inFlight = await _commits.Next();
        Accepts(groups, 2);
        var waiting = groups.CommitAsync(3, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        inFlight.Succeed();

        // Item 3 may or may not join the group of 2; it is answered in both cases.
        var second = await _commits.Next();
        second.Succeed();
        if (!second.Group.Contains(3)) (await _commits.Next()).Succeed();
        (await waiting.Ended()).ShouldBe("3 is safe");
    }

    [Fact]
    public async Task Cancelled_CommitAsync_releases_its_bytes()
    {
        var groups = NewGroup(OneCommitter with { MaxWaiting = 1, MaxWaitingBytes = 25 }, sizeOf: 10);
        using var leaving = new CancellationTokenSource();

        Accepts(groups, 1);
        var inFlight = await _commits.Next();
        Accepts(groups, 2);
        var waiting = groups.CommitAsync(3, leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.Ended());

        inFlight.Succeed();
        var second = await _commits.Next();
        Accepts(groups, 4).ShouldBeTrue();
    }

    private static bool Accepts(GroupCommit<int, string> groups, int item) => groups.TryCommit(item) is not null;

    private GroupCommit<int, string> NewGroup(GroupCommitOptions options, int sizeOf = 1)
        => _door = new GroupCommit<int, string>(_commits.Commit, _ => sizeOf, options, _time);
}
