using System.Reflection;

namespace Gateway.Shared.Hosting;

/// <summary>
/// The version of the gateway (<c>Version</c> in Directory.Build.props), as health, console and telemetry report it.
/// </summary>
public static class ProductVersion
{
    private static readonly string[] Parts = typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');

    public static string Text => Parts[0];

    /// <summary>The commit of a release build that was made in a Git repository; else null.</summary>
    public static string? Commit
        => Parts.ElementAtOrDefault(1) is { } revision ? revision[..Math.Min(12, revision.Length)] : null;
}
