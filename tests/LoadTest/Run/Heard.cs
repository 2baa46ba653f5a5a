namespace Gateway.LoadTest.Run;

/// <summary>What a call has met beside the figures of its rounds, a sentence each.</summary>
/// <param name="Faults">What has gone wrong.</param>
/// <param name="Notes">What makes the figures less than they seem.</param>
internal sealed record Heard(IReadOnlyList<string> Faults, IReadOnlyList<string> Notes);
