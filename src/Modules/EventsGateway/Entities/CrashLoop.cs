namespace Gateway.EventsGateway.Entities;

/// <summary>
/// What an event is that lost its worker again and again: innocent, until it is alone with it. The rule stands in the
/// statements of SQLite as numbers, for an index can be made of nothing else.
/// </summary>
internal static class CrashLoop
{
    /// <summary>So many in a row, and nothing may run beside it.</summary>
    public const int IsolatedFrom = 5;

    /// <summary>So many in a row, the last ones alone, end it.</summary>
    public const int Last = 10;
}
