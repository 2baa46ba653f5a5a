namespace Gateway.LoadTest.Operator;

/// <summary>An event as the operator API lists it.</summary>
internal sealed record EventRow(string Key, string Status, string? Outcome, DateTimeOffset? ProcessedAt)
{
    public bool IsSettled => Status is "processed" or "failed";
}

internal sealed record EventRowPage(IReadOnlyList<EventRow> Items, string? NextCursor);
