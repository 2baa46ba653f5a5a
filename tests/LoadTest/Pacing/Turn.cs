namespace Gateway.LoadTest.Pacing;

/// <summary>Leave to send one request.</summary>
/// <param name="DueAt">When it was meant to leave, as a <see cref="System.Diagnostics.Stopwatch"/> timestamp; its latency
/// counts from there.</param>
internal readonly record struct Turn(long DueAt)
{
    public static Turn None => default;

    public bool IsNone => DueAt == 0;
}
