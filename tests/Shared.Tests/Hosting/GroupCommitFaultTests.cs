using System.Threading.Channels;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Hosting;

public sealed class GroupCommitFaultTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly HeldCommits _commits = new();
    private readonly SteppedTime _time = new();
    private GroupCommit<int, string>? _door;

    public ValueTask DisposeAsync() => _commits.EndAsync(_door);

    [Fact]
    public async Task A_fault_goes_to_its_group_and_the_next_group_works()
    {
        var door = Door();

        var first = door.TryCommit(1)!;
        var inFlight = await _commits.Next();
        var second = new[] { 2, 3 }.Select(item => door.TryCommit(item)!).ToArray();
        inFlight.Succeed();
        var failing = await _commits.Next();
        var third = door.TryCommit(4)!;
        failing.SetException(new BackendUnavailableException("sqlite", "disk full"));
        (await _commits.Next()).Succeed();

        (await first.Ended()).ShouldBe("1 is safe");
        foreach (var waiter in second) (await Should.ThrowAsync<BackendUnavailableException>(waiter.Ended())).Message
            .ShouldBe("sqlite: disk full");
        (await third.Ended()).ShouldBe("4 is safe");
    }

    [Fact]
    public async Task A_commit_that_throws_before_its_first_await_is_a_fault_too()
    {
        await using var door = new GroupCommit<int, string>(
            group => group[0] == 1 ? throw new IOException("no route") : Task.FromResult<IReadOnlyList<string>>(["fine"]),
            _ => 1, new GroupCommitOptions { Committers = 1 }, _time);

        await Should.ThrowAsync<IOException>(door.TryCommit(1)!.Ended());

        (await door.TryCommit(2)!).ShouldBe("fine");
    }

    [Fact]
    public async Task Who_is_told_of_a_group_and_throws_keeps_nobody_from_an_answer()
    {
        await using var door = new GroupCommit<int, string>(
            _ => Task.FromResult<IReadOnlyList<string>>(["fine"]), _ => 1,
            new GroupCommitOptions { Committers = 1, OnGroup = _ => throw new InvalidOperationException(
                "a listener broke") }, _time);

        for (var item = 0; item < 3; item++) (await door.TryCommit(item)!.Ended()).ShouldBe("fine");
    }

    [Fact]
    public async Task Too_few_answers_are_a_fault_for_the_whole_group()
    {
        var door = Door();

        var waiter = door.TryCommit(1)!;
        (await _commits.Next()).SetResult([]);

        await Should.ThrowAsync<InvalidOperationException>(waiter.Ended());
    }

    [Fact]
    public async Task A_hanging_commit_is_given_up_at_the_deadline()
    {
        var door = Door();

        var waiter = door.TryCommit(1)!;
        await _commits.Next();
        await _time.TimerRunsAsync(Deadline);
        _time.Advance(Deadline - TimeSpan.FromTicks(1));
        waiter.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));
        await Should.ThrowAsync<TimeoutException>(waiter.Ended());

    }

    [Fact]
    public async Task While_commits_hang_no_more_are_begun_and_afterwards_they_are()
    {
        var door = Door();
        var hanging = door.TryCommit(1)!;
        var hung = await _commits.Next();
        await _time.TimerRunsAsync(Deadline);
        _time.Advance(Deadline);
        await Should.ThrowAsync<TimeoutException>(hanging.Ended());

        await Should.ThrowAsync<TimeoutException>(door.TryCommit(2)!.Ended());
        _commits.NoneBegun.ShouldBeTrue();
        hung.Succeed();

        // What hangs is counted down a moment after it has ended, so the first ones may still be turned away.
        var begun = _commits.Next();
        Task<string> next;
        do await Task.WhenAny(begun, next = door.TryCommit(3)!); while (!begun.IsCompleted);
        (await begun).Succeed();
        (await next.Ended()).ShouldBe("3 is safe");
    }

    [Fact]
    public async Task One_item_that_breaks_its_group_fails_alone()
    {
        var door = Door();
        var first = door.TryCommit(1)!;
        var inFlight = await _commits.Next();
        var group = new[] { 2, 3 }.Select(item => door.TryCommit(item)!).ToArray();
        inFlight.Succeed();
        (await _commits.Next()).SetException(new InvalidDataException("2 is too big"));

        (await _commits.Next()).SetException(new InvalidDataException("2 is too big"));
        (await _commits.Next()).Succeed();

        await Should.ThrowAsync<InvalidDataException>(group[0].Ended());
        (await group[1].Ended()).ShouldBe("3 is safe");
        (await first.Ended()).ShouldBe("1 is safe");
    }

    [Fact]
    public async Task A_deadline_counts_the_wait_for_a_committer()
    {
        var door = Door();

        var hanging = door.TryCommit(1)!;
        await _commits.Next();
        await _time.TimerRunsAsync(Deadline);
        var behind = door.TryCommit(2)!;
        _time.Advance(Deadline);

        await Should.ThrowAsync<TimeoutException>(hanging.Ended());
        await Should.ThrowAsync<TimeoutException>(behind.Ended());
        _commits.NoneBegun.ShouldBeTrue();
    }

    [Fact]
    public async Task Disposing_answers_all_that_wait_and_takes_nothing_more()
    {
        var door = Door();

        Takes(door, 1);
        var inFlight = await _commits.Next();
        var waiting = new[] { 2, 3 }.Select(item => door.TryCommit(item)!).ToArray();
        var closing = door.DisposeAsync().AsTask();
        Takes(door, 4).ShouldBeFalse();
        await Should.ThrowAsync<ChannelClosedException>(door.CommitAsync(5, CancellationToken.None));
        closing.IsCompleted.ShouldBeFalse();

        inFlight.Succeed();
        (await _commits.Next()).Succeed();
        (await Task.WhenAll(waiting).Ended()).ShouldBe(["2 is safe", "3 is safe"]);
        await closing.WaitAsync(SteppedTime.Timeout);
    }

    private static bool Takes(GroupCommit<int, string> door, int item) => door.TryCommit(item) is not null;

    private GroupCommit<int, string> Door()
        => _door = new GroupCommit<int, string>(
            _commits.Commit, _ => 1, new GroupCommitOptions { Committers = 1, Deadline = Deadline }, _time);
}
