using System.Globalization;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>How long the drills last, and what they draw.</summary>
internal static class DrillSettings
{
    /// <summary><c>GATEWAY_DRILL_SEED</c> repeats the draws of an earlier drill.</summary>
    public static int Seed() => Number("GATEWAY_DRILL_SEED") ?? Random.Shared.Next();

    public static int Rounds(int unlessSaid) => Number("GATEWAY_DRILL_ROUNDS") ?? unlessSaid;

    private static int? Number(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
