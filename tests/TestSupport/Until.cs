using Shouldly;

namespace Gateway.TestSupport;

/// <summary>Waits until a condition is true. It is checked every 25 ms.</summary>
public static class Until
{
    /// <summary>Long, because machines are shared; it ends a test that would fail anyway.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task<T> TrueAsync<T>(Func<Task<T>> ask, Func<T, bool> isTrue, TimeSpan? within = null)
    {
        using var timeout = new CancellationTokenSource(within ?? Timeout);
        using var pause = new PeriodicTimer(Pause);
        while (true)
        {
            var answer = await ask();
            if (isTrue(answer)) return answer;
            try
            {
                await pause.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new ShouldAssertException($"Did not become true within {within ?? Timeout}; the last answer was: {answer}");
            }
        }
    }

    public static Task TrueAsync(Func<bool> isTrue, TimeSpan? within = null)
        => TrueAsync(() => Task.FromResult(isTrue()), fact => fact, within);
}
