using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Findings;

/// <summary>The thresholds of the rules, of page and pager alike. Those that depend on the traffic are settings.</summary>
internal sealed record FindingLimits(HealthOptions Options)
{
    /// <summary>Of the requests of the last minute. One of them is enough in light traffic.</summary>
    public const double UnavailableShare = 0.01;

    /// <summary>Fewer requests of a minute have no 99th percentile.</summary>
    public const int MinAccepted = 20;

    /// <summary>Of a source and reason, within 5 minutes.</summary>
    public const int MinRejected = 10;

    /// <summary>Of a source, within 5 minutes.</summary>
    public const int MinDuplicates = 50;

    /// <summary>A growing backlog below it is a burst that the worker takes within seconds.</summary>
    public const int MinBacklog = 1000;

    /// <summary>A message holds up to 128 events and normally stays for milliseconds.</summary>
    public const int MaxQueued = 100;

    /// <summary>Of the attempts; fewer of them mean nothing.</summary>
    public const double FailedAttemptsShare = 0.5;

    public const int MinAttempts = 5;

    /// <summary>Within 15 minutes, by outcome.</summary>
    public const int MaxFailed = 10;

    /// <summary>Within 15 minutes: a single event may be a test.</summary>
    public const int MaxImplausibleTimes = 10;

    /// <summary>A person mistypes a key once or twice; more are a script, with an old key or with guesses.</summary>
    public const int MaxWrongKeys = 20;

    /// <summary>Of the last 10 minutes. A circuit that closes for one probe in ten counts as open.</summary>
    public const double CircuitOpenShare = 0.5;
}
