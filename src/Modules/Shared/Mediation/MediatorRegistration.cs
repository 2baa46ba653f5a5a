using System.Reflection;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Mediation;

/// <summary>
/// MediatR 5 has no <c>AddMediatR</c>: the mediator is registered once, and Scrutor finds the handlers and validators of each
/// module. Handlers hold no request state and are singletons, so a webhook needs no scope.
/// </summary>
public static class MediatorRegistration
{
    public static IServiceCollection AddMediation(this IServiceCollection services)
    {
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        return services;
    }

    public static IServiceCollection AddHandlersOf(this IServiceCollection services, Assembly module)
        => services.Scan(scan => scan
            .FromAssemblies(module)
            .AddClasses(type => type.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
            .AsImplementedInterfaces().WithSingletonLifetime()
            .AddClasses(type => type.AssignableTo(typeof(IValidator<>)), publicOnly: false)
            .AsImplementedInterfaces().WithSingletonLifetime());
}
