using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Hosting;

public static class ConditionalRoutes
{
    /// <summary>
    /// Removes controllers from routing and from the API description unless they are served. The condition runs with the first
    /// request for the routes, after the options were validated.
    /// </summary>
    public static void AddRoutesOnlyWhen(
        this IServiceCollection services, Func<Type, bool> appliesTo, Func<IServiceProvider, bool> isServed)
        => services.AddOptions<MvcOptions>().Configure<IServiceProvider>(
            (mvc, provider) => mvc.Conventions.Add(new Removal(type => appliesTo(type) && !isServed(provider))));

    private sealed class Removal(Func<Type, bool> isRemoved) : IApplicationModelConvention
    {
        public void Apply(ApplicationModel application)
        {
            foreach (var controller in application.Controllers.Where(controller => isRemoved(controller.ControllerType)).ToList())
                application.Controllers.Remove(controller);
        }
    }
}
