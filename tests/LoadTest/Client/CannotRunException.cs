namespace Gateway.LoadTest.Client;

/// <summary>What has to be there for a run is not; its message is all that a user needs.</summary>
internal sealed class CannotRunException(string message) : Exception(message);
