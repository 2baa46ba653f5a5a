namespace Gateway.EventsGateway.Findings;

internal enum Severity
{
    /// <summary>Can wait for working hours.</summary>
    Warning,

    /// <summary>Pages the person on call.</summary>
    Critical,
}

/// <summary>A rule that is crossed now, as the rule found it.</summary>
/// <param name="Text">What is wrong, and who is concerned.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Link">The view of the console that shows more.</param>
internal sealed record Finding(string Text, string Advice, string? Link = null)
{
    /// <summary>The sender that it is about.</summary>
    public string? Source { get; init; }

    /// <summary>Tells several findings of one rule apart: a backend, a health check, a reason, a process.</summary>
    public string? About { get; init; }

    /// <summary>Null: since it was found first.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Null: that of the rule.</summary>
    public Severity? Severity { get; init; }
}

/// <summary>A view of the console.</summary>
internal static class ConsoleLink
{
    public const string Failed = "/console#/failed";
    public const string Pending = "/console#/events?status=pending";
    public const string Processes = "/console#/processes";
    public const string Unavailable = "/console#/rejected?reason=unavailable";
    public const string Overview = "/console#/";

    public static string Source(string name) => $"/console#/sources/{Uri.EscapeDataString(name)}";

    public static string Outcome(string outcome) => $"/console#/events?outcome={outcome}";
}
