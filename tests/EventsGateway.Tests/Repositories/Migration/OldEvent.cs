using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A row of <c>events</c> in the names and texts of version 0.</summary>
internal sealed record OldEvent(string EventId, string Status)
{
    public string? Outcome { get; init; }

    public string? LastError { get; init; }

    public int Life { get; init; } = 1;

    public required DateTimeOffset LifeBeganAt { get; init; }

    public string? LifeBegunBy { get; init; }

    public int AttemptsSpent { get; init; }

    public int Interruptions { get; init; }

    /// <summary>A JSON array with times as texts, the form of a SQLite file.</summary>
    public string Attempts { get; init; } = "[]";

    /// <summary>Set while the event waits, or while a worker holds its claim.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public Guid? ClaimToken { get; init; }

    public EventKey Key => new("dhl", EventId);

    public static OldEvent[] OfEveryKind(DateTimeOffset now) =>
    [
        new("fresh", "pending") { LifeBeganAt = now, DueAt = now },
        new("crashing", "pending")
        {
            LifeBeganAt = now, DueAt = now, Interruptions = 5,
            Attempts = """[{"life":1,"number":1,"result":"interrupted","startedAt":"2026-03-04T05:00:00.000Z"}]""",
        },
        new("claimed", "pending") { LifeBeganAt = now, DueAt = now.AddSeconds(30), ClaimToken = Guid.NewGuid() },
        new("ended", "failed")
        {
            Outcome = "refused", LastError = "the shipment has ended", LifeBeganAt = now,
            Attempts = """
                [{"life":1,"number":1,"startedAt":"2026-03-04T05:00:00.000Z","durationMs":3,"result":"refused",
                "error":"says \u0022result\u0022:\u0022refused\u0022"}]
                """.ReplaceLineEndings(""),
        },
        new("rejected", "failed")
        {
            Outcome = "rejected", LastError = "status 400", LifeBeganAt = now, AttemptsSpent = 1,
            Attempts = """
                [{"life":1,"number":1,"startedAt":"2026-03-04T05:00:00.000Z","durationMs":12,"result":"permanent-status",
                "error":"status 400"}]
                """.ReplaceLineEndings(""),
        },
        new("overdue", "failed") { Outcome = "gave-up", LastError = "gave up after 12 h", LifeBeganAt = now.AddHours(-13) },
        new("exhausted", "failed")
        {
            Outcome = "retries-exhausted", LastError = "timed out", Life = 2, LifeBeganAt = now.AddMinutes(-1),
                LifeBegunBy = "mira", AttemptsSpent = 3,
            Attempts = """
                [{"life":1,"number":1,"startedAt":"2026-03-04T04:00:00.000Z","durationMs":9,"result":"timed-out",
                "error":"timed out"},
                {"life":2,"number":3,"startedAt":"2026-03-04T05:00:00.000Z","durationMs":9,"result":"timed-out",
                "error":"timed out","probes":4,"lastStartedAt":"2026-03-04T05:04:00.000Z"}]
                """.ReplaceLineEndings(""),
        },
        new("done", "processed") { Outcome = "routed", LifeBeganAt = now, AttemptsSpent = 1 },
        new("late", "processed") { Outcome = "late", LifeBeganAt = now },
    ];
}
