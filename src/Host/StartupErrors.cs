using Gateway.Shared.Errors;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>One line for each reason why the process cannot start.</summary>
internal static class StartupErrors
{
    /// <summary>Empty for any other exception: that one keeps its stack trace.</summary>
    public static IReadOnlyList<string> Of(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        StartupException startup => [startup.Message],
        AggregateException many => [.. many.InnerExceptions.SelectMany(Of)],
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } inUse => [inUse.Message],
        InvalidDataException { InnerException: { } inner } file => [$"{file.Message} {inner.Message}"],
        InvalidDataException file => [file.Message],
        _ => [],
    };
}
