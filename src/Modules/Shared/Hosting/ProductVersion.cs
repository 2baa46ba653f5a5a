using System.Reflection;

namespace Gateway.Shared.Hosting;

/// <summary>
/// The version of the gateway (<c>Version</c> in Directory.Build.props), as health, console and telemetry report it.
/// </summary>
public static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
