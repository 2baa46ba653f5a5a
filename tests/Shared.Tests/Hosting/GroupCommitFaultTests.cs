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
    public async Task Fault_fails_its_group_and_the_next_group_succeeds()
    {
        var groups = NewGroup();

        var first = groups.TryCommit(1)!;
        var inFlight = await _commits.Next();
        var second = new[] { 2, 3 }.Select(item => groups.TryCommit(item)!).ToArray();
        inFlight.Succeed();
        var failing = await _commits.Next();
        var third = groups.TryCommit(4)!;
        failing.SetException(new BackendUnavailableException("sqlite", "disk full"));
        (await _commits.Next()).Succeed();

        (await first.Ended()).ShouldBe("1 is safe");
        foreach (var waiter in second)
        {
            var fault = await Should.ThrowAsync<BackendUnavailableException>(waiter.Ended());
            fault.Message.ShouldBe("sqlite: disk full");
        }

        (await third.Ended()).ShouldBe("4 is safe");
    }

    [Fact]
    public async Task Synchronous_exception_of_a_commit_fails_its_group()
    {
        await using var groups = new GroupCommit<int, string>(
            group => group[0] == 1 ? throw new IOException("no route") : Task.FromResult<IReadOnlyList<string>>(["fine"]),
            _ => 1, new GroupCommitOptions { Committers = 1 }, _time);

        await Should.ThrowAsync<IOException>(groups.TryCommit(1)!.Ended());

        (await groups.TryCommit(2)!).ShouldBe("fine");
    }

    [Fact]
    public async Task Exception_of_the_group_callback_does_not_affect_the_results()
    {
        await using var groups = new GroupCommit<int, string>(
            _ => Task.FromResult<IReadOnlyList<string>>(["fine"]), _ => 1,
            new GroupCommitOptions { Committers = 1, OnGroup = _ => throw new InvalidOperationException(
                "a listener broke") }, _time);

        for (var item = 0; item < 3; item++) (await groups.TryCommit(item)!.Ended()).ShouldBe("fine");
    }

    [Fact]
    public async Task Too_few_results_fail_the_whole_group()
    {
        var groups = NewGroup();

        var waiter = groups.TryCommit(1)!;
        (await _commits.Next()).SetResult([]);

        await Should.ThrowAsync<InvalidOperationException>(waiter.Ended());
    }

    [Fact]
    public async Task Hanging_commit_times_out_at_the_deadline()
    {
        var groups = NewGroup();

        var waiter = groups.TryCommit(1)!;
        await _commits.Next();
        await _time.TimerRunsAsync(Deadline);
        _time.Advance(Deadline - TimeSpan.FromTicks(1));
        waiter.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));
        await Should.ThrowAsync<TimeoutException>(waiter.Ended());

    }

    [Fact]
    public async Task No_commit_begins_while_all_committers_hang()
    {
        var groups = NewGroup();
        var hanging = groups.TryCommit(1)!;
        var hung = await _commits.Next();
        await _time.TimerRunsAsync(Deadline);
        _time.Advance(Deadline);
        await Should.ThrowAsync<TimeoutException>(hanging.Ended());

        await Should.ThrowAsync<TimeoutException>(groups.TryCommit(2)!.Ended());
        _commits.NoneBegun.ShouldBeTrue();
        hung.Succeed();

        // The count of hanging commits drops a moment after their end, so the first items may still be rejected.
        var begun = _commits.Next();
        Task<string> next;
        do await Task.WhenAny(begun, next = groups.TryCommit(3)!); while (!begun.IsCompleted);
        (await begun).Succeed();
        (await next.Ended()).ShouldBe("3 is safe");
    }

    [Fact]
    public async Task Item_that_fails_its_group_fails_alone()
    {
        var groups = NewGroup();
        var first = groups.TryCommit(1)!;
        var inFlight = await _commits.Next();
        var group = new[] { 2, 3 }.Select(item => groups.TryCommit(item)!).ToArray();
        inFlight.Succeed();
        (await _commits.Next()).SetException(new InvalidDataException("2 is too big"));

        (await _commits.Next()).SetException(new InvalidDataException("2 is too big"));
        (await _commits.Next()).Succeed();

        await Should.ThrowAsync<InvalidDataException>(group[0].Ended());
        (await group[1].Ended()).ShouldBe("3 is safe");
        (await first.Ended()).ShouldBe("1 is safe");
    }

    [Fact]
    public async Task Deadline_includes_the_wait_for_a_committer()
    {
        var groups = NewGroup();

        var hanging = groups.TryCommit(1)!;
        await _commits.Next();
        await _time.TimerRunsAsync(Deadline);
        var behind = groups.TryCommit(2)!;
        _time.Advance(Deadline);

        await Should.ThrowAsync<TimeoutException>(hanging.Ended());
        await Should.ThrowAsync<TimeoutException>(behind.Ended());
        _commits.NoneBegun.ShouldBeTrue();
    }

    [Fact]
    public async Task Dispose_answers_waiting_items_and_rejects_new_ones()
    {
        var groups = NewGroup();

        Accepts(groups, 1);
        var inFlight = await _commits.Next();
        var waiting = new[] { 2, 3 }.Select(item => groups.TryCommit(item)!).ToArray();
        var closing = groups.DisposeAsync().AsTask();
        Accepts(groups, 4).ShouldBeFalse();
        await Should.ThrowAsync<ChannelClosedException>(groups.CommitAsync(5, CancellationToken.None));
        closing.IsCompleted.ShouldBeFalse();

        inFlight.Succeed();
        (await _commits.Next()).Succeed();
        (await Task.WhenAll(waiting).Ended()).ShouldBe(["2 is safe", "3 is safe"]);
        await closing.WaitAsync(SteppedTime.Timeout);
    }

    private static bool Accepts(GroupCommit<int, string> groups, int item) => groups.TryCommit(item) is not null;

    private GroupCommit<int, string> NewGroup()
        => _door = new GroupCommit<int, string>(
            _commits.Commit, _ => 1, new GroupCommitOptions { Committers = 1, Deadline = Deadline }, _time);
}
