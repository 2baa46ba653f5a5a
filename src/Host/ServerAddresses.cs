using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>Where the server listens.</summary>
internal static class ServerAddresses
{
    /// <summary>
    /// Development listens on this machine only; elsewhere on all addresses, as the original did. The management port is of the
    /// same host as the first address.
    /// </summary>
    public static void ChooseAddress(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<AppOptions>>().Value;
        var given = app.Configuration[WebHostDefaults.ServerUrlsKey];
        if (string.IsNullOrEmpty(given))
        {
            var host = !app.Environment.IsDevelopment() ? "*" : options.Port > 0 ? "localhost" : "127.0.0.1";
            app.Urls.Add($"http://{host}:{options.Port}");
        }

        if (options.ManagementPort == 0) return;
        // With an address of ours the server does not read the others itself.
        foreach (var url in given?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? []) app.Urls.Add(url);
        app.Urls.Add($"http://{BindingAddress.Parse(app.Urls.First()).Host}:{options.ManagementPort}");
    }
}
