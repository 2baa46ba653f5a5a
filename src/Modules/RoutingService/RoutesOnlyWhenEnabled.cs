using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService;

/// <summary>A disabled stub has no routes: they are missing in the router and in the API description alike.</summary>
internal sealed class RoutesOnlyWhenEnabled(IOptions<RoutingServiceOptions> options)
    : IConfigureOptions<MvcOptions>, IApplicationModelConvention
{
    public void Configure(MvcOptions mvc) => mvc.Conventions.Add(this);

    // The options are read here, not in the constructor: a mistake in them is told at start with all the others.
    public void Apply(ApplicationModel application)
    {
        if (options.Value.Enabled) return;
        foreach (var controller in application.Controllers.Where(IsOurs).ToList()) application.Controllers.Remove(controller);
    }

    private static bool IsOurs(ControllerModel controller)
        => controller.ControllerType.Assembly == typeof(RoutesOnlyWhenEnabled).Assembly;
}
