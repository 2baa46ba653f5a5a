namespace Gateway.EventsGateway.Repositories;

/// <summary>The audit log. A record is written before the action, so that no action is missing.</summary>
internal interface IAuditRepository
{
    Task<Guid> BeginAsync(AuditRecord record);

    /// <summary>Adds the result. A record without a result belongs to an action that failed or was interrupted.</summary>
    Task CompleteAsync(Guid id, string result);

    /// <summary>Newest first, also within one millisecond.</summary>
    Task<IReadOnlyList<AuditRecord>> ListAsync(AuditCursor? after, int limit, CancellationToken cancellationToken);
}

/// <summary>One action of an operator.</summary>
internal sealed record AuditRecord
{
    /// <summary>Assigned by the store when the record is added.</summary>
    public Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The name of the operator.</summary>
    public required string Who { get; init; }

    /// <summary>The address that the request came from.</summary>
    public required string From { get; init; }

    /// <summary>One of <see cref="AuditAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The object of the action; never an id that an erasure has to remove.</summary>
    public required string What { get; init; }

    public string? Result { get; init; }
}

/// <summary>The last record of a page.</summary>
internal sealed record AuditCursor(DateTimeOffset At, Guid Id);

internal static class AuditAction
{
    public const string Login = "login";
    public const string Logout = "logout";
    public const string LoginRejected = "login-rejected";
    public const string Replay = "replay";
    public const string Dismiss = "dismiss";
    public const string Export = "export";
    public const string PauseRouting = "pause-routing";
    public const string ResumeRouting = "resume-routing";
    public const string Erase = "erase";
    public const string ReopenShipment = "reopen-shipment";
    public const string ClearDeduplicationCache = "clear-deduplication-cache";
    public const string PrepareReturn = "prepare-return";
}
