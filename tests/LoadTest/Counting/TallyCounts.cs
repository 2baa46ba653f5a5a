namespace Gateway.LoadTest.Counting;

internal record struct TallyCounts(long Sent, long Repeats, long Ended, long Replayed, long Reconnects, int LongestRetryAfter)
{
    public void Add(TallyCounts other)
    {
        Sent += other.Sent;
        Repeats += other.Repeats;
        Ended += other.Ended;
        Replayed += other.Replayed;
        Reconnects += other.Reconnects;
        LongestRetryAfter = Math.Max(LongestRetryAfter, other.LongestRetryAfter);
    }
}
