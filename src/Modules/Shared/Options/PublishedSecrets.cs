namespace Gateway.Shared.Options;

/// <summary>Secrets that the repository shows, in settings, samples or documents: everybody knows them (R12, B12).</summary>
public static class PublishedSecrets
{
    /// <summary>In appsettings.Development.json and in the README.</summary>
    public const string Development = "development-secret-not-for-production";

    private static readonly string[] All =
        ["my-secret-key-123", "change-me-in-production", Development, "test-secret-0123"];

    public static bool Contains(string secret) => All.Contains(secret);
}
