using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>Reads JSON as MVC does. What MVC throws for some requests is their fault, and no 500.</summary>
internal sealed class JsonBodyFormatter(JsonOptions options, ILogger<SystemTextJsonInputFormatter> log)
    : SystemTextJsonInputFormatter(options, log)
{
    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context)
    {
        try
        {
            return await base.ReadRequestBodyAsync(context);
        }
        catch (ArgumentException)
        {
            // A content type that ends with "charset=".
            throw new RequestRejectedException(StatusCodes.Status415UnsupportedMediaType, "Only application/json is accepted");
        }
        catch (InvalidOperationException)
        {
            // A member name with 33 brackets, which MVC takes for a path deeper than it allows.
            context.ModelState.TryAddModelError("", "");
            return await InputFormatterResult.FailureAsync();
        }
    }
}

/// <summary>What MVC may read of a request: JSON, never a form, whose files it would keep on disk.</summary>
internal sealed class RequestReading(IOptions<JsonOptions> json, ILoggerFactory loggers) : IConfigureOptions<MvcOptions>
{
    public void Configure(MvcOptions options)
    {
        options.InputFormatters.Clear();
        options.InputFormatters.Add(
            new JsonBodyFormatter(json.Value, loggers.CreateLogger<SystemTextJsonInputFormatter>()));
        options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
    }
}
