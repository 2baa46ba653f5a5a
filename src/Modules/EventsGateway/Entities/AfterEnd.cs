namespace Gateway.EventsGateway.Entities;

/// <summary>What becomes of an event that arrived, and occurred, after the end of its shipment.</summary>
public enum AfterEnd
{
    /// <summary>It fails with <c>shipment-ended</c>, as in the original.</summary>
    Fail,

    /// <summary>It is processed as <c>late</c>: aggregators go on sending.</summary>
    Settle,

    Route,
}

internal static class AfterEndText
{
    public static string Text(this AfterEnd afterEnd) => afterEnd switch
    {
        AfterEnd.Fail => "fail",
        AfterEnd.Settle => "settle",
        AfterEnd.Route => "route",
        _ => throw new ArgumentOutOfRangeException(nameof(afterEnd), afterEnd, null),
    };

    public static AfterEnd? Parse(string? text) => text switch
    {
        "fail" => AfterEnd.Fail,
        "settle" => AfterEnd.Settle,
        "route" => AfterEnd.Route,
        _ => null,
    };
}
