namespace Gateway.LoadTest.Accounting;

/// <summary>How far the worker is.</summary>
/// <param name="At">Seconds since the last answer of the load.</param>
/// <param name="Settled">Events that ended since the load began.</param>
internal sealed record DrainMoment(double At, long Settled, long Promised, long Pending, long? QueuedMessages);
