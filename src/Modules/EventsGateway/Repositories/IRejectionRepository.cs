namespace Gateway.EventsGateway.Repositories;

/// <summary>How many requests were rejected in each of the last 24 hours, of all processes.</summary>
internal interface IRejectionRepository
{
    /// <summary>Adds to the counts, and removes those of hours before <paramref name="oldest"/>.</summary>
    Task AddAsync(IReadOnlyList<RejectionCount> counts, DateTimeOffset oldest);

    /// <summary>Those of the hours since <paramref name="oldest"/>, in any order.</summary>
    Task<IReadOnlyList<RejectionCount>> ListAsync(DateTimeOffset oldest, CancellationToken cancellationToken);
}

/// <param name="Start">The start of the hour.</param>
/// <param name="Source">The source whose path the requests were sent to; empty where they reached none.</param>
/// <param name="Reason">The reason of the rejection.</param>
internal readonly record struct RejectionHour(DateTimeOffset Start, string Source, string Reason)
{
    public static DateTimeOffset Of(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>With the current hour there are 24.</summary>
    public static DateTimeOffset OldestAt(DateTimeOffset now) => Of(now).AddHours(-23);
}

internal readonly record struct RejectionCount(RejectionHour Hour, long Count);
