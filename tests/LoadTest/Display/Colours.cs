using Gateway.LoadTest.Counting;

namespace Gateway.LoadTest.Display;

internal static class Colours
{
    public static string Of(int status) => NoAnswer.IsPromise(status) ? "green" : NoAnswer.IsUnknown(status) ? "yellow" : "red";
}
