param name string
param planName string
param location string
param tags object

@description('Name of the service in azure.yaml, by which azd finds this site.')
param serviceName string

param identityId string
param identityClientId string
param componentName string
param workspaceId string

@description('Container of the host\'s storage account that holds the deployed package.')
param containerUrl string
param hostBlobUrl string

@description('Subnet for outgoing traffic; empty without private networking.')
param subnetId string

@description('Settings that each installation has values of its own for.')
param installation object

@description('Settings that differ from their defaults, and those that have none.')
param changes object

@allowed([512, 2048, 4096])
param instanceMemory int

@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Instances that are always warm for HTTP.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int

var known = loadJsonContent('../settings.json')
var host = {
  AzureWebJobsStorage__blobServiceUri: hostBlobUrl
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '65536'
}

var all = union(host, known.defaults, installation, changes)

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: containerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [{ name: 'http', instanceCount: alwaysReadyInstances }]
      }
    }
    siteConfig: {
      // Flex Consumption has no FTP, and refuses a site that speaks of ftpsState.
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      remoteDebuggingEnabled: false
      cors: { allowedOrigins: [] }
      appSettings: map(items(all), setting => { name: setting.key, value: setting.value })
    }
  }
}

// Azure asks for the location, and the type does not know it. The type is told apart by a name that
// is not the same for both, so it is not looked at.
@batchSize(1)
resource basicPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = [
  for way in ['scm', 'ftp']: {
    parent: site
    #disable-next-line BCP225
    name: way
    location: location
    properties: { allow: false }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

output id string = site.id
output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
