namespace Gateway.EventsGateway.Repositories;

/// <summary>What people did. It is written before the deed, so that none is done unwritten.</summary>
internal interface IAuditRepository
{
    Task<Guid> BeginAsync(AuditRecord record);

    /// <summary>How it ended. A record that nobody completes tells that the deed broke, or its process died.</summary>
    Task CompleteAsync(Guid id, string result);

    /// <summary>Newest first; those of one moment in an order that stays.</summary>
    Task<IReadOnlyList<AuditRecord>> ListAsync(AuditCursor? after, int limit, CancellationToken cancellationToken);
}

/// <summary>One deed of an operator.</summary>
internal sealed record AuditRecord
{
    /// <summary>Of the store: empty until it is kept.</summary>
    public Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The name that the operator goes by.</summary>
    public required string Who { get; init; }

    /// <summary>The address that the request came from.</summary>
    public required string From { get; init; }

    /// <summary>One of <see cref="AuditAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to; never an id that an erasure has to remove.</summary>
    public required string What { get; init; }

    public string? Result { get; init; }
}

/// <summary>The last record of a page: the next page begins behind it.</summary>
internal sealed record AuditCursor(DateTimeOffset At, Guid Id);

internal static class AuditAction
{
    public const string Login = "login";
    public const string Logout = "logout";
    public const string LoginRejected = "login-rejected";
    public const string Replay = "replay";
    public const string Erase = "erase";
    public const string ClearDeduplicationCache = "clear-deduplication-cache";
}
