namespace Gateway.LoadTest.Http;

/// <summary>What is read of a response.</summary>
/// <param name="Closes">The server will not answer again on this connection.</param>
/// <param name="RetryAfter">In seconds, when given so.</param>
/// <param name="Length">Bytes of the whole response.</param>
internal readonly record struct Answer(int Status, bool Replayed, bool Closes, int? RetryAfter, int Length);
