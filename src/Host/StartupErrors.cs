using Gateway.Shared.Errors;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>The lines that the owner of a process reads when it must not run as it is configured.</summary>
internal static class StartupErrors
{
    /// <summary>Empty for any other fault: that one keeps its stack trace.</summary>
    public static IReadOnlyList<string> Of(Exception rejection) => rejection switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        StartupException refused => [refused.Message],
        AggregateException many => [.. many.InnerExceptions.SelectMany(Of)],
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => [taken.Message],
        InvalidDataException file => [file.InnerException is null ? file.Message : $"{file.Message} {file.InnerException.Message}"],
        _ => [],
    };
}
