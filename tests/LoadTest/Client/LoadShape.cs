namespace Gateway.LoadTest.Client;

/// <summary>How much is sent, and how.</summary>
/// <param name="Requests">At most so many, repeats included.</param>
/// <param name="Rate">Requests a second of an open loop; null is a closed loop.</param>
/// <param name="Duplicates">Share of events that are sent twice or more.</param>
internal sealed record LoadShape(
    int Connections, long? Requests, TimeSpan? Duration, double? Rate, double Duplicates, bool Burst, TimeSpan Patience);
