using System.Globalization;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>Rounds and seed of the drills.</summary>
internal static class DrillSettings
{
    /// <summary><c>GATEWAY_DRILL_SEED</c> repeats an earlier drill.</summary>
    public static int Seed() => Number("GATEWAY_DRILL_SEED") ?? Random.Shared.Next();

    public static int Rounds(int byDefault) => Number("GATEWAY_DRILL_ROUNDS") ?? byDefault;

    /// <summary><c>GATEWAY_DRILL_OTHER_BUILD</c>: the published <c>Gateway.Host.dll</c> of another version.</summary>
    public static string? OtherBuild() => Environment.GetEnvironmentVariable("GATEWAY_DRILL_OTHER_BUILD");

    private static int? Number(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
