using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Hosting;

public static class ConditionalRoutes
{
    /// <summary>
    /// Controllers that are not served have no routes: they are missing in the router and in the API description alike.
    /// The condition is asked late, so that a mistake in the options behind it is told at start with all the others.
    /// </summary>
    public static IServiceCollection AddRoutesOnlyWhen(
        this IServiceCollection services, Func<Type, bool> which, Func<IServiceProvider, bool> areServed)
        => services.AddSingleton<IConfigureOptions<MvcOptions>>(
            provider => new ConfigureOptions<MvcOptions>(
                mvc => mvc.Conventions.Add(new Removal(which, () => areServed(provider)))));

    private sealed class Removal(Func<Type, bool> which, Func<bool> areServed) : IApplicationModelConvention
    {
        public void Apply(ApplicationModel application)
        {
            if (areServed()) return;
            foreach (var controller in application.Controllers.Where(one => which(one.ControllerType)).ToList())
                application.Controllers.Remove(controller);
        }
    }
}
