package io.vitrine.admin;

import io.vitrine.control.TestControls;
import io.vitrine.group.GroupChanges;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupService;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.inspect.GroupDoctor;
import io.vitrine.inspect.ListenerDoctor;
import io.vitrine.inspect.LiveTails;
import io.vitrine.inspect.LogCatalog;
import io.vitrine.inspect.ReadTotals;
import io.vitrine.lint.ProductionLint;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.share.SharePartitions;
import io.vitrine.tap.RecentExchanges;
import io.vitrine.tap.WireTaps;
import io.vitrine.timeline.GroupTimelines;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// What the controllers share.
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {
    @Bean
    LogCatalog logCatalog(MetadataService metadata, PartitionLogService partitions) {
        return new LogCatalog(metadata, partitions);
    }

    @Bean
    ReadTotals readTotals() {
        return new ReadTotals();
    }

    /// Closed by [TailLifecycle].
    @Bean(destroyMethod = "")
    LiveTails liveTails(LogCatalog logs, PartitionLogService partitions, MetadataService metadata) {
        return new LiveTails(logs, partitions, metadata);
    }

    /// Closed by [TailLifecycle].
    @Bean(destroyMethod = "")
    WireTaps wireTaps(RecentExchanges exchanges) {
        return new WireTaps(exchanges);
    }

    @Bean
    WriterTurns writerTurns() {
        return WriterTurns.standard();
    }

    @Bean
    GroupDirectory groupDirectory(GroupService groups) {
        return new GroupDirectory(groups);
    }

    @Bean
    GroupChanges groupChanges(GroupService groups, MetadataService metadata) {
        return new GroupChanges(groups, metadata);
    }

    /// The id of a group may have slashes in it. Paths are matched as they come, so a slash that is escaped parts
    /// nothing.
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> escapedSlashes() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        });
    }

    @Bean
    GroupDoctor.Groups knownOfGroups(GroupService groups, GroupTimelines timelines, SharePartitions shares) {
        return new GroupDoctor.Groups(groups, timelines, shares);
    }

    @Bean
    GroupDoctor groupDoctor(
            GroupDoctor.Groups groups,
            MetadataService metadata,
            PartitionLogService partitions,
            RefusalJournal refusals) {
        return new GroupDoctor(groups, metadata, partitions, refusals);
    }

    @Bean
    ListenerDoctor listenerDoctor(BrokerEndpoints endpoints, Arrivals arrivals) {
        return new ListenerDoctor(endpoints, arrivals);
    }

    @Bean
    ProductionLint productionLint(
            MetadataService metadata,
            PartitionLogService partitions,
            GroupDirectory groups,
            ProduceCounters produced,
            LintListeners listeners) {
        return new ProductionLint(metadata, partitions, groups, produced, listeners.all(), listeners::clients);
    }

    @Bean
    FilterProblems filterProblems(
            @Qualifier("handlerExceptionResolver") ObjectProvider<HandlerExceptionResolver> resolver) {
        return new FilterProblems(resolver);
    }

    @Bean
    WebMvcConfigurer singleParameters() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new SingleParameters()).addPathPatterns(ApiPath.BASE + "/**");
            }
        };
    }

    /// Before the others, whose refusals are answers too.
    @Bean
    FilterRegistrationBean<StrictHeaders> strictHeaders() {
        var registration = new FilterRegistrationBean<>(new StrictHeaders());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.addUrlPatterns(ApiPath.BASE + "/*");
        return registration;
    }

    @Bean
    FilterRegistrationBean<FewReaders> fewReaders(FilterProblems problems) {
        return new FilterRegistrationBean<>(new FewReaders(problems));
    }

    @Bean
    FilterRegistrationBean<SameOrigin> sameOrigin(FilterProblems problems) {
        var registration = new FilterRegistrationBean<>(new SameOrigin(problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    @Bean
    FilterRegistrationBean<KnownHosts> knownHosts(@Value("${server.address:}") String host, FilterProblems problems) {
        var registration = new FilterRegistrationBean<>(new KnownHosts(host, problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<TestControlsGate> testControlsGate(
            ObjectProvider<TestControls> controls, FilterProblems problems) {
        boolean open = controls.getIfAvailable() != null;
        var registration = new FilterRegistrationBean<>(new TestControlsGate(open, problems));
        registration.addUrlPatterns(ApiPath.TEST + "/*", ApiPath.FAULTS, ApiPath.FAULTS + "/*");
        return registration;
    }

    static final class StrictHeaders extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            HttpRules.STRICT_HEADERS.forEach(response::setHeader);
            chain.doFilter(request, response);
        }
    }
}
