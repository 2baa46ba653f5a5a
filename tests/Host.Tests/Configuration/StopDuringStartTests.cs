using Gateway.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Host.Tests.Configuration;

public sealed class StopDuringStartTests
{
    [Fact]
    public async Task Signal_during_the_start_ends_the_process_without_a_fault_and_stops_what_has_started()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<StoppingService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoppingService>());
        var app = builder.Build();
        var service = app.Services.GetRequiredService<StoppingService>();

        await app.RunToEndAsync();

        service.HasStopped.ShouldBeTrue();
    }

    /// <summary>The web server starts after it.</summary>
    private sealed class StoppingService(IHostApplicationLifetime lifetime) : IHostedService
    {
        public bool HasStopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            HasStopped = true;
            return Task.CompletedTask;
        }
    }
}
