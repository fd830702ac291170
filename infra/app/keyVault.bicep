param name string
param location string
param tags object
param rootKeyName string
param signingKeyName string

@description('Object id of the identity of the functions.')
param principalId string

@description('Group of the operators; empty where they get their right elsewhere, such as by PIM.')
param operatorsGroupId string

@description('Whether the vault is reached through private endpoints.')
param private bool

@description('Public addresses or ranges that operators come from, beside the private endpoint.')
param operatorAddresses string[]
param workspaceId string

var roles = loadJsonContent('../roles.json')
var reader = roles['Key Vault Reader']
var officer = roles['Key Vault Crypto Officer']
var readerId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', reader)
var officerId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', officer)
var signerId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', signer.name)
var keeperId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keeper.name)
var groupId = resourceGroup().id
var publicAccess = !private || !empty(operatorAddresses) ? 'Enabled' : 'Disabled'
var hasOperators = !empty(operatorsGroupId)

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    accessPolicies: []
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: publicAccess
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
      ipRules: map(operatorAddresses, address => { value: address })
    }
  }
}

// Resource Manager makes the first version of a key and no other: one that is there stays as it is,
// with its tags. The root key's tag holds the serial of the trust list, so none is written here.
resource rootKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: rootKeyName
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    attributes: { enabled: true, exportable: false }
  }
}

resource signingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: signingKeyName
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    attributes: { enabled: true, exportable: false }
  }
}

// Narrower than Key Vault Crypto User, which may change and back up the key as well.
resource signer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(groupId, 'signer')
  properties: {
    roleName: 'Password Writeback signer (${name})'
    description: 'Signs with one key of the vault and reads its public half.'
    type: 'CustomRole'
    assignableScopes: [groupId]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
        notDataActions: []
      }
    ]
  }
}

// Narrower than Key Vault Crypto Officer, which signs as well: that is for the functions alone.
resource keeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(groupId, 'keeper')
  properties: {
    roleName: 'Password Writeback key keeper (${name})'
    description: 'Makes, disables and reads versions of one key of the vault, and does not sign.'
    type: 'CustomRole'
    assignableScopes: [groupId]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/create/action'
          'Microsoft.KeyVault/vaults/keys/update/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource functionsSign 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(signingKey.id, principalId, signer.name)
  scope: signingKey
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: signerId
  }
}

resource functionsReadRoot 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(rootKey.id, principalId, reader)
  scope: rootKey
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: readerId
  }
}

resource operatorsRoot 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperators) {
  name: guid(rootKey.id, operatorsGroupId, officer)
  scope: rootKey
  properties: {
    principalId: operatorsGroupId
    principalType: 'Group'
    roleDefinitionId: officerId
  }
}

resource operatorsSigning 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperators) {
  name: guid(signingKey.id, operatorsGroupId, keeper.name)
  scope: signingKey
  properties: {
    principalId: operatorsGroupId
    principalType: 'Group'
    roleDefinitionId: keeperId
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output id string = vault.id
output url string = vault.properties.vaultUri
