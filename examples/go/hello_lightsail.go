package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	containers "github.com/cdk-lightsail/cdk-lightsail-containers-go/cdklightsailcontainers"
)

func NewHelloStack(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)

	service := containers.NewContainerService(stack, jsii.String("Service"), &containers.ContainerServiceProps{
		ContainerServiceName: jsii.String("hello"),
		Power:                containers.ContainerServicePower_NANO(),
	})

	if domainName, ok := stack.Node().TryGetContext(jsii.String("domainName")).(string); ok {
		hostedZoneId, _ := stack.Node().TryGetContext(jsii.String("hostedZoneId")).(string)
		hostedZone := awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("HostedZone"), &awsroute53.HostedZoneAttributes{
			HostedZoneId: &hostedZoneId,
			ZoneName:     &domainName,
		})
		service.AddDomain(&domainName, &containers.AddDomainOptions{HostedZone: hostedZone})
	}

	image, ok := stack.Node().TryGetContext(jsii.String("image")).(string)
	if !ok {
		image = "public.ecr.aws/nginx/nginx:1.27"
	}

	deployment := service.AddDeployment(jsii.String("Deployment"), &containers.ContainerServiceDeploymentOptions{
		Containers: &map[string]*containers.ContainerProps{
			"web": {
				Image: containers.ContainerImage_FromRegistry(&image),
				Ports: &map[string]containers.ContainerProtocol{"80": containers.ContainerProtocol_HTTP},
			},
		},
		PublicEndpoint: &containers.PublicEndpoint{
			ContainerName: jsii.String("web"),
			ContainerPort: jsii.Number(80),
			HealthCheck: &containers.HealthCheck{
				Path:         jsii.String("/"),
				Interval:     awscdk.Duration_Seconds(jsii.Number(10)),
				SuccessCodes: jsii.String("200-299"),
			},
		},
	})

	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: deployment.Url()})
	awscdk.NewCfnOutput(stack, jsii.String("Version"), &awscdk.CfnOutputProps{Value: deployment.DeploymentVersion()})
	return stack
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	NewHelloStack(app, "HelloLightsail", nil)
	app.Synth(nil)
}
